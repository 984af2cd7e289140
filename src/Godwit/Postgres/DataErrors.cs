using System.Text;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>What a server says of a value that it could not take holds the value, which is nobody's to see.</summary>
public static partial class DataErrors
{
    /// <summary>Data exceptions. https://www.postgresql.org/docs/current/errcodes-appendix.html</summary>
    private const string Class = "22";

    /// <summary>Why COPY, or what is made of rows, was refused; where a value was, without it, and with the place where
    /// it stands.</summary>
    /// <param name="e">Of a session that was opened for bulk.</param>
    public static string Why(FaultException e)
    {
        if (e.InnerException is not PostgresException { SqlState: var state } said
            || !state.StartsWith(Class, StringComparison.Ordinal))
            return e.Fault.Why;
        // A session for whole tables has not decoded it.
        var place = Place().Match(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(said.Where ?? "")));
        var (line, column) = (place.Groups["line"], place.Groups["column"]);
        return Values().Replace(e.Fault.Why, "…") + (!line.Success
            ? "" : $", at line {line.Value}{(column.Success ? $", column {Redactor.Clean(column.Value)}" : "")}");
    }

    /// <summary>From the first quotation mark of any language to the last one: the value may have some itself. And
    /// bytes that are no text.</summary>
    [GeneratedRegex("""["„«“‘'].*["“”»’']|\b0x[0-9a-f]{2}( 0x[0-9a-f]{2})*""",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Values();

    /// <summary>Of COPY, in front of the value. A server that speaks another language tells no place.</summary>
    [GeneratedRegex("""^COPY .*?, line (?<line>[0-9]+)(, column (?<column>[^:"]+))?""",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
