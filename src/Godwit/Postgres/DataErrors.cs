using System.Text;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Removes the user's values from the server's messages about refused data.</summary>
public static partial class DataErrors
{
    // Data exceptions. https://www.postgresql.org/docs/current/errcodes-appendix.html
    private const string Class = "22";

    /// <summary>Why COPY, or a definition built from rows, was refused: without the value, with line and
    /// column.</summary>
    /// <param name="e">From a session that was opened for bulk.</param>
    public static string Why(FaultException e)
    {
        if (e.InnerException is not PostgresException { SqlState: var state } said
            || !state.StartsWith(Class, StringComparison.Ordinal))
            return e.Fault.Why;
        // A bulk session does not decode texts.
        var place = Place().Match(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(said.Where ?? "")));
        var (line, column) = (place.Groups["line"], place.Groups["column"]);
        return Values().Replace(e.Fault.Why, "…") + (!line.Success
            ? "" : $", at line {line.Value}{(column.Success ? $", column {Redactor.Clean(column.Value)}" : "")}");
    }

    /// <summary>From the first quotation mark of any language to the last one, because values may contain some. Also
    /// hexadecimal bytes.</summary>
    [GeneratedRegex("""["„«“‘'].*["“”»’']|\b0x[0-9a-f]{2}( 0x[0-9a-f]{2})*""",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Values();

    /// <summary>The place in COPY's context, before the value. Only found if the server's messages are in
    /// English.</summary>
    [GeneratedRegex("""^COPY .*?, line (?<line>[0-9]+)(, column (?<column>[^:"]+))?""",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
