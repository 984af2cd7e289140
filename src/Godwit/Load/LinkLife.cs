using System.Globalization;
using Godwit.Faults;

namespace Godwit.Load;

/// <summary>How long a link is to work, and the reason in a clause. Anyone who has the link can read the whole
/// database, so it lives only as long as the measured speed requires. A service checks the time when a download begins,
/// and lets a begun one finish. A link that expires before Heroku fetches is signed again.</summary>
public sealed record LinkLife(TimeSpan Wanted, string Why)
{
    // A restore may wait in Heroku's queue before it fetches; Heroku's guides advise this.
    private static readonly TimeSpan Min = TimeSpan.FromMinutes(15);

    // Heroku may fetch slower than Godwit sent, restores meanwhile, and may have to fetch the rest again.
    private const int SlowerFactor = 4;

    /// <param name="bytes">Size of the dump; null: unknown.</param>
    /// <param name="dumpTook">From the first byte to the last, including reading the source; null: unknown.</param>
    /// <param name="assessedBytesPerSecond">The speed to the store, as assessed: a slow source does not reduce it.
    /// Null: not measured.</param>
    public static LinkLife For(long? bytes, TimeSpan? dumpTook, double? assessedBytesPerSecond)
    {
        if (bytes is not { } size || Rate(size, dumpTook, assessedBytesPerSecond) is not { } rate)
            return new(Min, $"the minimum, {Minutes(Min)}: no speed was measured");
        var fetch = TimeSpan.FromSeconds(Math.Min(size / rate, TimeSpan.FromDays(365).TotalSeconds));
        var measured = $"{Phrase.Bytes(size)} at the measured {Phrase.Bytes((long)rate)}/s";
        return fetch * SlowerFactor > Min
            ? new(fetch * SlowerFactor, $"{SlowerFactor} times what {measured} takes")
            : new(Min, $"the minimum, {Minutes(Min)}: {measured} takes less");
    }

    private static double? Rate(long bytes, TimeSpan? dumpTook, double? assessed)
    {
        var seen = dumpTook is { } took && took > TimeSpan.Zero ? bytes / took.TotalSeconds : (double?)null;
        return seen is { } dump && assessed is { } probe ? Math.Max(dump, probe)
            : (seen ?? assessed) is > 0 and var rate ? rate : null;
    }

    internal static string Minutes(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} minutes");
}
