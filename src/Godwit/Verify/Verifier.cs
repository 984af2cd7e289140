using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Queries;
using Godwit.Verify.Repair;
using Godwit.Verify.Rows;
using Godwit.Verify.Schema;

namespace Godwit.Verify;

/// <summary>Compares both databases, each at one moment; changes neither.</summary>
public sealed class Verifier(PostgresAddress source, PostgresAddress target, VerifyOptions options, TimeProvider clock)
{
    public const string StepName = "verify";

    /// <summary>Null: <see cref="VerifyOptions.RepairFile"/> is not written yet, or not given.</summary>
    public RepairScript? Repair { get; private set; }

    public async Task<Verdict> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var atSource = Watch(source, "the source", progress);
        await using var atTarget = Watch(target, "the target", progress);
        var begun = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        await using var from = await Side.OpenAsync(source, options.SourceSnapshot, options.Jobs, clock, ct);
        await using var into = await Side.OpenAsync(target, null, options.Jobs, clock, ct);
        if (await from.AskAsync(one => into.AskAsync(other => ServerCatalog.IsSameDatabaseAsync(one, other, ct), ct),
            ct))
            throw new FaultException(VerifyFaults.SameDatabase(source));
        var notes = await StandbyNotesAsync(from, into, progress, ct);
        using var repair = options.RepairFile is { } path ? await RepairWriter.OpenAsync(from, into, path, ct) : null;
        var (schema, rows) = (default(SchemaResult), default(TablesResult));
        // At once: many short statements, and a few long ones. If one fails, the other is cancelled.
        await Parallel.ForEachAsync<Func<CancellationToken, Task>>(
            [
                async token => schema = await SchemaComparer.CompareAsync(from, into, options.Expected, token),
                async token =>
                    rows = await new TablesComparer(from, into, options, clock, repair).CompareAsync(progress, token),
            ],
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct },
            async (compare, token) => await compare(token));
        var objects = await new LargeObjects(from, into, options, repair, clock).CompareAsync(ct);
        var queries = await new QueriesComparer(from, into, options.FloatTolerance).CompareAsync(options.Queries, ct);
        var judged = rows!.Tables.Select(table => options.Expected.Judged(table, schema!.TablesLeftOut));
        IReadOnlyList<TableVerdict> tables = objects.Verdict is { } large ? [.. judged, large] : [.. judged];
        var verdict = new Verdict
        {
            Level = options.Level,
            Source = $"{source}",
            Target = $"{target}",
            BegunAt = begun,
            Took = clock.GetElapsedTime(started),
            Tables = tables,
            ObjectsCompared = schema!.Compared,
            DefinitionsPrinted = schema.DefinitionsPrinted,
            Objects = schema.Objects,
            Queries = queries,
            Omissions = [.. rows.Omissions, .. objects.Omissions, .. schema.Omissions],
            Notes = notes.Count > 0 ? notes : null,
        };
        Repair = repair is null ? null : await repair.WriteAsync(verdict, ct);
        return verdict;
    }

    private IAsyncDisposable Watch(PostgresAddress side, string name, IProgress<StepEvent> progress) => new LockWatch(
        PostgresAddress.ApplicationName,
        wait => progress.Report(new Observed(StepName, clock.GetUtcNow(), "verify.waits", Severity.Warning,
            $"The comparison waits for {wait.Holder(name)}", wait.Why,
            wait.Remedy("The comparison gives up at last; --lock-wait says when."))), clock).Start(side);

    private async Task<IReadOnlyList<Finding>> StandbyNotesAsync(
        Side from, Side into, IProgress<StepEvent> progress, CancellationToken ct)
    {
        var notes = new List<Finding>();
        foreach (var (side, name) in new[] { (from, "the source"), (into, "the target") })
            notes.AddRange((await side.StandbyAsync(ct))?.Notes(name, hasRows: true, "their rows are not compared")
                ?? []);

        foreach (var note in notes)
            progress.Report(new Observed(StepName, clock.GetUtcNow(), note));
        return notes;
    }
}
