using System.Globalization;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Time;

/// <summary>From measurements. A range: how workers share the line is unknown.</summary>
internal sealed record TimeEstimate(
    TimeSpan DumpMin, TimeSpan DumpMax, long DumpBytes, TimeSpan RestoreMin, TimeSpan RestoreMax)
{
    /// <summary>Heroku's article on upgrades says three minutes per gigabyte. An idle server with few indexes needs a
    /// third.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/upgrading-heroku-postgres-databases</remarks>
    public static readonly TimeSpan RestorePerGigabyteMax = TimeSpan.FromMinutes(3);
    public static readonly TimeSpan RestorePerGigabyteMin = TimeSpan.FromMinutes(1);

    // For freeze, link, start of the restore, comparison and cut-over, mostly waiting for Heroku.
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(1);

    public TimeSpan FrozenMin => DumpMin + RestoreMin + Around;

    public TimeSpan FrozenMax => DumpMax + RestoreMax + Around;

    /// <summary>Best case: the target keeps up with the source and builds indexes meanwhile.</summary>
    public TimeSpan DirectMin => ReadMin + Around;

    public TimeSpan DirectMax => ReadMax + RestoreMax + Around;

    // With all workers; ReadMax: with one.
    private TimeSpan ReadMin { get; init; }

    private TimeSpan ReadMax { get; init; }

    /// <param name="tableBytes">Tables and large objects, without indexes.</param>
    /// <param name="databaseBytes">Including indexes, which the restore builds.</param>
    /// <param name="storeBytesPerSecond">Null: not measured, or not over a network.</param>
    public static TimeEstimate Of(
        SourceSample sample, long tableBytes, long databaseBytes, int jobs, int cores, double? storeBytesPerSecond)
    {
        var copy = tableBytes * sample.CopyRatio;
        var archive = tableBytes * sample.ArchiveRatio;
        var up = archive / (storeBytesPerSecond ?? double.PositiveInfinity);
        // Worst case: one worker fills the line, and reads and compresses in turn. Best case: every worker is as fast
        // as the sample.
        var slow = (copy / sample.ReadBytesPerSecond) + (copy / sample.PackBytesPerSecond);
        var fast = Math.Max(copy / sample.ReadBytesPerSecond / jobs,
            copy / sample.PackBytesPerSecond / Math.Min(jobs, cores));
        var gigabytes = databaseBytes / 1e9;
        return new(TimeSpan.FromSeconds(Math.Max(fast, up)), TimeSpan.FromSeconds(Math.Max(slow, up)), (long)archive,
            RestorePerGigabyteMin * gigabytes, RestorePerGigabyteMax * gigabytes)
        {
            ReadMin = TimeSpan.FromSeconds(copy / sample.ReadBytesPerSecond / jobs),
            ReadMax = TimeSpan.FromSeconds(copy / sample.ReadBytesPerSecond),
        };
    }

    /// <summary><c>about 4 min</c>, <c>2 to 6 min</c>, <c>1.5 to 4 h</c>.</summary>
    public static string Range(TimeSpan min, TimeSpan max)
    {
        if (max < TimeSpan.FromMinutes(1))
            return "less than a minute";
        var (unit, of) = max < TimeSpan.FromHours(2) ? ("min", TimeSpan.FromMinutes(1)) : ("h", TimeSpan.FromHours(1));
        var format = unit == "h" ? "0.#" : "0";
        var (from, to) = ((min / of).ToString(format, CultureInfo.InvariantCulture),
            Math.Max(1, max / of).ToString(format, CultureInfo.InvariantCulture));
        return from == to ? $"about {to} {unit}" : from == "0" ? $"up to {to} {unit}" : $"{from} to {to} {unit}";
    }

    /// <summary>Also for rates per second.</summary>
    public static string Megabytes(double bytes) =>
        bytes < 10e6
            ? $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB"
            : $"{ServerCatalog.Number((long)(bytes / 1e6))} MB";
}
