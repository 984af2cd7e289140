using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.App.Cli;

/// <summary>A command line without secrets. An argument that might contain one is masked as a whole.</summary>
internal static partial class MaskedArguments
{
    private const string Mask = "***";

    public static IEnumerable<string> Of(IReadOnlyList<string> args)
    {
        var hidesNext = false;
        foreach (var argument in args)
        {
            var (flag, value) = Split(argument);
            var isFlag = flag.Length > 0;
            yield return isFlag switch
            {
                true when value is null => flag,
                true => $"{flag}={(Telling().IsMatch(flag) ? Mask : Value(value!))}",
                _ when hidesNext => Mask,
                _ => Value(argument),
            };
            hidesNext = isFlag && value is null && Telling().IsMatch(flag);
        }
    }

    // The flag, or empty; and the value after '='.
    private static (string Flag, string? Value) Split(string argument) =>
        Flag().Match(argument) is { Success: true } match
            ? (match.Groups["flag"].Value, match.Groups["value"] is { Success: true, Value: var value } ? value : null)
            : ("", null);

    private static string Value(string value)
    {
        if (Telling().IsMatch(value) && value.Contains('=', StringComparison.Ordinal))
            return Mask;
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        // A store's address with a secret in it is refused elsewhere.
        if (scheme < 0 || (StoreAddress.IsOne(value) && !value.Contains('@', StringComparison.Ordinal)))
            return Redactor.CleanOfAll(value);
        return Scheme().IsMatch(value[..scheme]) ? $"{value[..scheme]}://{Mask}" : Mask;
    }

    [GeneratedRegex("password|passwd|pwd|token|secret|key|credential|signature|sas$|accountkey",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Telling();

    [GeneratedRegex("^(?<flag>--?[a-zA-Z][a-zA-Z0-9-]*)(=(?<value>.*))?$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Flag();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
