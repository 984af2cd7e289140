using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.Storage;

/// <summary>Godwit recognizes its objects in a store by these keys.</summary>
public static partial class GodwitKeys
{
    /// <summary>Start of every key.</summary>
    public const string Prefix = "godwit-";

    /// <summary>Starts the key of a small object that is put to test whether it can be fetched.</summary>
    public const string ProbePrefix = Prefix + "probe-";

    /// <summary>An upload that is begun and aborted, to test whether writing is allowed.</summary>
    public const string WriteCheck = Prefix + "write-check";

    private const int ProbeHexDigits = 8;

    private const string DumpSuffix = ".dump";

    public static string DumpOf(string runId) => Prefix + runId + DumpSuffix;

    /// <summary>Null: the key is no run's dump.</summary>
    public static string? RunOf(string key) =>
        RunDump().Match(key) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The probe of a run. All attempts use the same key, so the next one, or a clean-up, finds what a killed
    /// attempt left.</summary>
    public static string ProbeOf(string runId) =>
        ProbePrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runId)))[..ProbeHexDigits];

    /// <summary>Belongs to no run.</summary>
    public static string NewProbe() =>
        ProbePrefix + RandomNumberGenerator.GetHexString(ProbeHexDigits, lowercase: true);

    /// <summary>A write check may be removed at any age.</summary>
    public static bool IsOfWriteCheck(string key) =>
        IsOfCheck(key) && key.StartsWith(WriteCheck, StringComparison.Ordinal);

    /// <summary>Such an object is useless once the check has ended.</summary>
    public static bool IsOfCheck(string key) => CheckObject().IsMatch(key);

    // Matches run ids exactly: otherwise somebody's own godwit-2026.dump would be removed as ours.
    [GeneratedRegex(@"\Agodwit-([0-9]{8}-[0-9]{6}-[a-z0-9]{4})\.dump\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunDump();

    [GeneratedRegex(@"\Agodwit-(probe-[0-9a-f]{8}|write-check(-[0-9a-f]{8})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex CheckObject();
}
