// Copy: copies straight from one server into another, without an archive between.
//
// The definitions are pg_dump's, cleaned. Rows go from COPY to COPY, in binary if both servers read it alike, several
// tables and ranges at once, all of one snapshot. Indexes, constraints and statistics are made as soon as the rows they
// need are there. Each finished work is recorded in the target, in its own transaction. Copy knows neither stores nor
// Heroku.
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Copies a database into an empty one.</summary>
public sealed class DirectCopy(PgDumpCall call, PostgresAddress target, CopyOptions options, TimeProvider clock)
{
    public const string StepName = "copy";

    private readonly FillOptions _fill = options.Fill;

    public string Intent => $"Copy {call.Source} into {target}";

    /// <returns>The outcome of a copy that had begun; a refusal or stop before the first write is thrown.</returns>
    public Task<CopyOutcome> RunAsync(IProgress<StepEvent> progress, CancellationToken ct) =>
        new CopyEvents(
            StepName, Intent, () => CopyFaults.Stopped($"{target}"),
            e => CopyFaults.Unexpected(Unforeseen.Of(e)), clock)
            .RunAsync(async (watch, begun, stop) =>
            {
                await using var held = await TargetHold.TakeAsync(target, _fill.Resumes, clock, stop);
                return await held.KeptAsync(kept => CopyAsync(watch, async (cleaned, token) =>
                {
                    await watch.TellLeftOutAsync(cleaned, _fill.LeftOutFile, token);
                    begun();
                }, (_, _) => Task.CompletedTask, kept), stop);
            }, Proof, progress, ct);

    /// <param name="begin">Called before anything is written, with what the target will lack (null: nothing is
    /// defined).</param>
    /// <param name="end">Called when the copy is complete, before its ledger is removed.</param>
    internal async Task<CopyResult> CopyAsync(
        CopyWatch watch, Func<CleanedContents?, CancellationToken, Task> begin,
        Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var (cleaning, before, between, standby, replayedTo) = await LookAsync(ct);
        Begin(standby, watch);
        if (standby is { Sharing.MayShare: false })
        {
            if (options.Snapshot is { } held)
                standby.Sharing.RequireShared(call.Source, held);
            return await new StreamedCopy(call, target, options with { Cleaning = cleaning }, clock)
                .CopyAsync(watch, before, between, begin, end, ct);
        }

        await using var moment = await SourceMoment.OpenAsync(call, options with { Cleaning = cleaning },
            compressLevel: null, watch.SourceWaits, ct);
        var head = StandardStrings.Of(moment.Head);
        var order = new RestoreOrder(head) { CopiedParts = options.CopiedParts };
        var sessions = new TargetSessions(target, moment.Encoding, _fill.Makers);
        await using var first = await sessions.OpenAsync(ct);
        var now = CopyLedger.New(CopyLedger.DigestOf(head) + (options.HasRowsAlone ? " rows alone" : ""),
            await CopyLedger.MomentAsync(moment.First, replayedTo, ct));
        var ledger = before is null ? now : now.Resume(before.In(head), head, call.Source, target, options.IsFrozen);
        var existing = options.HasRowsAlone
            ? await ExistingTables.FindAsync(first, head, begins: before is null, ct) : null;
        // Without definitions none is left out.
        await begin(options.HasRowsAlone ? null : moment.Cleaned, ct);
        if (before is null)
            await ledger.MakeAsync(first, ct);
        if (existing is null)
            watch.Begun($"{target}", "making the tables");
        TocEntry[] open = [.. order.First.Where(entry => order.Makes(entry) && !ledger.Done.Contains(entry.DumpId))];
        await new DefinitionWriter(first, _fill, watch).MakeAsync(open, ct);
        var rows = await RowPlan.MakeAsync(head, moment.First, first.ServerMajor, _fill.Jobs, ledger, existing, ct);
        await NoteAsync(rows, head, first, ct);
        var moved = rows.Moved.Select(part => part.Entry.DumpId).ToHashSet();
        var objects = await LargeObjectPart.AllAsync(head, moment.First, ct);
        watch.Planned(rows.SourceBytes + objects.Sum(part => part.SourceBytes));
        IReadOnlyList<CopyPart> parts =
            [.. await ExtensionRows.WithoutRefusedAsync(rows.Parts, moment.First, first, watch, ct), .. objects];
        // All rows arrived earlier: a part that is not recorded came to the source since.
        var done = (ledger.HasAllRows ? ledger.Done.Concat(parts.Select(part => part.Id))
            : ledger.Done.Where(one => !moved.Contains(one.DumpId))).ToHashSet();
        await new CopyCrew(new MomentRows(moment, watch, clock), sessions, order, parts, done, _fill, watch, clock)
            .RunAsync(async token =>
            {
                if (!ledger.HasAllRows)
                    await FinishAsync(moment, token);
                await CopyLedger.RowsAreThereAsync(first, token);
                // Nobody at the source should wait for indexes built at the target.
                await moment.DisposeAsync();
            }, ct);
        var refused = existing is null
            ? await CopiedRights.GiveAsync(first, moment.Cleaned, _fill.LeftOutFile, watch, ct) : [];
        await end(first, ct);
        await CopyLedger.RemoveAsync(first, ct);
        var left = existing is null ? CopiedRights.Items(moment.Cleaned, refused, _fill) : null;
        return Result(rows, watch, clock.GetElapsedTime(started)) with
        {
            Omissions = left is null ? null : new(between.Source, between.Target, left),
        };
    }

    // Records how tables are divided, and removes parts whose pages have changed.
    private static async Task NoteAsync(RowPlan rows, ArchiveHead head, PostgresSession first, CancellationToken ct)
    {
        foreach (var part in rows.Moved)
            await CopyLedger.ForgetAsync(first, part, ct);
        await CopyLedger.DivideAsync(first, head, rows.Divided, ct);
    }

    private static CopyResult Result(RowPlan rows, CopyWatch watch, TimeSpan took) =>
        new(rows.Tables, watch.Rows, watch.LargeObjects, rows.SourceBytes, took);

    private void Begin(StandbyFacts? standby, CopyWatch watch)
    {
        foreach (var note in standby?.Notes("the source", options.HasRows,
            "their rows are left out; their definitions are copied") ?? [])
            watch.Note(note);

        watch.Begun($"{call.Source}", "reading the definitions");
    }

    private async Task<CopyBeginning> LookAsync(CancellationToken ct)
    {
        await using var from = await PostgresSession.OpenAsync(call.Source, ct);
        await using var into = await PostgresSession.OpenAsync(target, ct);
        if (await ServerCatalog.IsSameDatabaseAsync(from, into, ct))
            throw new FaultException(CopyFaults.SameDatabase($"{call.Source}"));
        var cleaning = _fill.MappedRoles is { } roles
            ? await CleaningRulesFinder.FindAsync(from, into, roles, ct) : null;
        var before = await EmptyTarget.RequireAsync(into, _fill.Resumes, options.HasRowsAlone,
            () => CopyFaults.NothingToResume($"{target}"), ct);
        var between = (await ServerCatalog.IdentityAsync(from, ct), await ServerCatalog.IdentityAsync(into, ct));
        var standby = await StandbyFacts.FindAsync(from, ct);
        return new(cleaning, before, between, standby,
            standby is null ? null : await StandbyFacts.ReplayedToAsync(from, ct));
    }

    private static async Task FinishAsync(SourceMoment moment, CancellationToken ct)
    {
        try
        {
            await moment.FinishAsync(ct);
        }
        catch (FaultException e) when (e.Fault.Code == "extract.locks_lost")
        {
            throw new FaultException(CopyFaults.LocksLost(), e);
        }
    }

    private Evidence Proof(CopyResult result) => !options.HasRows ? new($"{target} has the definitions, and no rows",
        "that was asked for; godwit verify compares the definitions, and would miss the rows") : new(
            $"{target} has {result.InWords(StepName, _fill.Resumes)}",
            "every part was counted in the transaction that brought it; "
            + "whether both sides are equal, godwit verify proves");
}

/// <param name="Cleaning">What the target would refuse; null: nothing is left out.</param>
/// <param name="Before">The ledger of an earlier attempt.</param>
/// <param name="Between">Both databases, from <see cref="ServerCatalog.IdentityAsync"/>.</param>
/// <param name="Standby">Null: the source is a primary.</param>
/// <param name="ReplayedTo">The standby's replayed WAL position.</param>
internal sealed record CopyBeginning(
    CleaningRules? Cleaning, LeftLedger? Before, (string Source, string Target) Between, StandbyFacts? Standby,
    string? ReplayedTo);

/// <summary>Result or fault of a copy that had begun. After a fault the target keeps what was copied, with the
/// ledger.</summary>
public sealed record CopyOutcome(CopyResult? Brought, Fault? Fault);

/// <summary>What a target lacks on purpose, for the comparison with its source.</summary>
/// <param name="Source">From <see cref="ServerCatalog.IdentityAsync"/>; null: an archive.</param>
public sealed record CopyOmissions(string? Source, string Target, IReadOnlyList<LeftOutItem> Items);

/// <param name="Tables">Tables whose rows were copied by this or an earlier attempt.</param>
/// <param name="Rows">Copied by this attempt, like the large objects.</param>
/// <param name="SourceBytes">Size of these tables at the source.</param>
public sealed record CopyResult(int Tables, long Rows, long LargeObjects, long SourceBytes, TimeSpan Took)
{
    /// <summary>Null: nothing was defined.</summary>
    public CopyOmissions? Omissions { get; init; }

    /// <summary>Rows of an earlier attempt are not counted again.</summary>
    internal string InWords(string step, bool wentOn)
    {
        var (tables, rows, objects) = (Phrase.Count(Tables, "table"), Phrase.Count(Rows, "row"),
            Phrase.Count(LargeObjects, "large object"));
        var brought = LargeObjects == 0 ? rows : Rows == 0 && wentOn ? objects : $"{rows} and {objects}";
        return !wentOn ? $"{tables} with {brought}"
            : Rows + LargeObjects == 0 ? $"{tables}, whose rows were there when the {step} went on"
            : $"{tables}; {brought} came since the {step} went on";
    }
}
