// Checks.Time: size, route, distance and duration of the move.
using System.Globalization;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Time;

/// <summary>Distance to source and target, the source's speed, and the time of dump and freeze.</summary>
internal sealed class TimeCheck : ICheck
{
    public const string FrozenFact = "estimated frozen time";

    private const int RoundTrips = 5;

    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(100);

    // Bytes. A smaller database takes less time than reading an estimate.
    private const long WorthEstimating = 1_000_000;

    private const string LargeObjectBytes = "SELECT pg_catalog.pg_table_size('pg_catalog.pg_largeobject')";

    public string Name => "distance and time";

    public IReadOnlyList<string> Acceptable => TimeFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        await MeasureAsync("source", world.Source, world.Parts.Clock, notes, ct);
        if (world.Target is { } target)
            await MeasureAsync("target", target, world.Parts.Clock, notes, ct);
        var tableBytes = (await world.TablesAsync(ct)).Sum(table => table.Bytes)
            + await world.Source.ScalarAsync<long>(LargeObjectBytes, ct);
        if (tableBytes < WorthEstimating
            || await SourceSample.TakeAsync(world, world.Request.CompressLevel, ct) is not { } sample)
            return;
        var estimate = TimeEstimate.Of(sample, tableBytes, await world.BytesAsync(ct), world.Request.Jobs,
            Environment.ProcessorCount, world.StoreBytesPerSecond);
        if (await world.WhyDirectAsync(ct) is not null)
            TellDirect(estimate, sample, notes);
        else
            Tell(estimate, sample, world, notes);
        await RequireRoomAsync(world, estimate.DumpBytes, notes, ct);
    }

    private static void Tell(TimeEstimate estimate, SourceSample sample, AssessWorld world, IAssessNotes notes)
    {
        var up = world.StoreBytesPerSecond is { } rate ? $", sends {TimeEstimate.Megabytes(rate)}" : "";
        notes.AddFact("estimated dump",
            $"{TimeEstimate.Range(estimate.DumpMin, estimate.DumpMax)}, "
            + $"about {TimeEstimate.Megabytes(estimate.DumpBytes)} "
            + $"(measured: one worker reads {TimeEstimate.Megabytes(sample.ReadBytesPerSecond)} and packs "
            + $"{TimeEstimate.Megabytes(sample.PackBytesPerSecond)}{up} in a second)");
        if (world.IsForHeroku)
        {
            notes.AddFact(FrozenFact, $"{TimeEstimate.Range(estimate.FrozenMin, estimate.FrozenMax)} "
                + "(the dump as measured; Heroku's restore at 1 to 3 min per GB, "
                + "which nobody can measure before a rehearsal)");
        }
    }

    // Rows are sent once, uncompressed. How fast the target loads rows and builds indexes is not measured.
    private static void TellDirect(TimeEstimate estimate, SourceSample sample, IAssessNotes notes) => notes.AddFact(
        FrozenFact,
        $"{TimeEstimate.Range(estimate.DirectMin, estimate.DirectMax)} (measured: "
        + $"one worker reads {TimeEstimate.Megabytes(sample.ReadBytesPerSecond)} in a second; the target's indexes "
        + "at up to 3 min per GB, which nobody can measure before a rehearsal)");

    private static async Task RequireRoomAsync(
        AssessWorld world, long dumpBytes, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Store is { } store && store.Bucket is { } bucket
            && await bucket.FindFreeBytesAsync(ct) is { } free && free < dumpBytes)
            notes.Add(TimeFindings.StoreFull(store.Address, TimeEstimate.Megabytes(free),
                TimeEstimate.Megabytes(dumpBytes)));
    }

    // The median: single measurements may be slow by chance.
    private static async Task MeasureAsync(
        string what, PostgresSession session, TimeProvider clock, IAssessNotes notes, CancellationToken ct)
    {
        var took = new List<TimeSpan>();
        for (var number = 0; number < RoundTrips; number++)
        {
            var started = clock.GetTimestamp();
            await session.ScalarAsync<int>("SELECT 1", ct);
            took.Add(clock.GetElapsedTime(started));
        }

        var median = took.Order().ElementAt(RoundTrips / 2);
        var format = median.TotalMilliseconds < 10 ? "0.0" : "0";
        notes.AddFact($"round trip to {what}",
            $"{median.TotalMilliseconds.ToString(format, CultureInfo.InvariantCulture)} ms");
        if (median > Far)
            notes.Add(TimeFindings.Far(what, median.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)));
    }
}
