namespace Godwit.Storage;

/// <summary>What Godwit calls its objects in a store, so that it knows its own again.</summary>
public static class GodwitKeys
{
    /// <summary>Begins all of them.</summary>
    public const string Prefix = "godwit-";

    /// <summary>A small object that was put to see whether it can be fetched.</summary>
    public const string ProbePrefix = Prefix + "probe-";

    /// <summary>An upload that is begun and abandoned, to see whether it may be begun.</summary>
    public const string WriteCheck = Prefix + "write-check";

    private const string DumpSuffix = ".dump";

    public static string DumpOf(string runId) => Prefix + runId + DumpSuffix;

    /// <summary>The run whose dump has this key; null: it is no run's.</summary>
    public static string? RunOf(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(DumpSuffix, StringComparison.Ordinal) && key.Length > Prefix.Length + DumpSuffix.Length
        && key[Prefix.Length..^DumpSuffix.Length] is var run && run.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiDigit(run[0])
            ? run : null;

    /// <summary>Of a check, and of no value to anybody as soon as the check has ended.</summary>
    public static bool IsOfCheck(string key) => key.StartsWith(ProbePrefix, StringComparison.Ordinal) || key.StartsWith(WriteCheck, StringComparison.Ordinal);
}
