using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.Storage;

/// <summary>What Godwit calls its objects in a store, so that it knows its own again.</summary>
public static partial class GodwitKeys
{
    /// <summary>Begins all of them.</summary>
    public const string Prefix = "godwit-";

    /// <summary>A small object that was put to see whether it can be fetched.</summary>
    public const string ProbePrefix = Prefix + "probe-";

    /// <summary>An upload that is begun and abandoned, to see whether it may be begun.</summary>
    public const string WriteCheck = Prefix + "write-check";

    private const int ProbeHexDigits = 8;

    private const string DumpSuffix = ".dump";

    public static string DumpOf(string runId) => Prefix + runId + DumpSuffix;

    /// <summary>The run whose dump has this key; null: it is no run's.</summary>
    public static string? RunOf(string key) =>
        RunDump().Match(key) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The probe of a run: the same in each of its attempts, so that the next one, and whoever cleans up after
    /// the run, knows what a killed one left.</summary>
    public static string ProbeOf(string runId) =>
        ProbePrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runId)))[..ProbeHexDigits];

    /// <summary>A probe that belongs to no run.</summary>
    public static string NewProbe() =>
        ProbePrefix + RandomNumberGenerator.GetHexString(ProbeHexDigits, lowercase: true);

    /// <summary>Begun to be abandoned, so that nobody misses it, whatever its age.</summary>
    public static bool IsOfWriteCheck(string key) =>
        IsOfCheck(key) && key.StartsWith(WriteCheck, StringComparison.Ordinal);

    /// <summary>Of a check, and of no value to anybody as soon as the check has ended.</summary>
    public static bool IsOfCheck(string key) => CheckObject().IsMatch(key);

    /// <summary>Exactly as runs are named, or a dump that somebody else called godwit-2026.dump would count as ours,
    /// and be removed.</summary>
    [GeneratedRegex(@"\Agodwit-([0-9]{8}-[0-9]{6}-[a-z0-9]{4})\.dump\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunDump();

    [GeneratedRegex(@"\Agodwit-(probe-[0-9a-f]{8}|write-check(-[0-9a-f]{8})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex CheckObject();
}
