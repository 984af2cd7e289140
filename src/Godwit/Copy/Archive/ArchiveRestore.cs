// Copy.Archive: restores an archive with the same definitions, ledger and workers as a copy; only the rows come from
// its blocks.
using Godwit.Copy.Archive.Binary;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy.Archive;

/// <summary>Restores an archive into an empty database.</summary>
public sealed class ArchiveRestore(IArchivePlace place, PostgresAddress target, FillOptions options, TimeProvider clock)
{
    public const string StepName = "restore";

    public string Intent => $"Restore {place.Name} into {target}";

    /// <returns>The outcome of a restore that had begun; a refusal or stop before the first write is thrown.</returns>
    public Task<CopyOutcome> RunAsync(IProgress<StepEvent> progress, CancellationToken ct) =>
        new CopyEvents(
            StepName, Intent, () => RestoreFaults.Stopped($"{target}"),
            e => RestoreFaults.Unexpected(Unforeseen.Of(e)), clock)
            .RunAsync(async (watch, begun, stop) =>
            {
                await using var held = await TargetHold.TakeAsync(target, options.Resumes, clock, stop);
                return await held.KeptAsync(
                    kept => RestoreAsync(watch, begun, (_, _) => Task.CompletedTask, kept), stop);
            }, Proof, progress, ct);

    /// <param name="begun">Called before anything is written.</param>
    /// <param name="end">Called when everything is there, before the ledger is removed.</param>
    internal async Task<CopyResult> RestoreAsync(
        CopyWatch watch, Action begun, Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        watch.Begun(place.Name, "reading the table of contents");
        var (archive, cleaned, before, into) = await LookAsync(ct);
        var order = new RestoreOrder(cleaned.Head);
        var parts = await RestoreErrors.OpeningAsync(place, () => Task.FromResult(ArchiveParts.Of(cleaned.Head,
            archive.Places?.ToDictionary(one => one.Key, one => one.Value.Length) ?? [])));
        var sessions = new TargetSessions(target, archive.Encoding, options.Makers);
        await using var first = await sessions.OpenAsync(ct);
        var now = CopyLedger.New(CopyLedger.DigestOf(cleaned.Head), archive.Mark);
        if (before is not null && (before.Contents != now.Contents || before.Moment != now.Moment))
            throw new FaultException(RestoreFaults.AnotherArchive(place.Name, $"{target}"));
        await TellAsync(archive, cleaned, watch, ct);
        begun();
        var ledger = before?.In(cleaned.Head) ?? now;
        if (before is null)
            await ledger.MakeAsync(first, ct);
        watch.Begun($"{target}", "making the tables");
        await new DefinitionWriter(first, options, watch)
            .MakeAsync([.. order.First.Where(entry => !ledger.Done.Contains(entry.DumpId))], ct);
        if (cleaned.LeftOut.Any(one => one.Kind == LeftOutKind.Extension))
            parts = await WithTablesAsync(cleaned.Head, parts, first, watch, ct);
        parts = await ExtensionRows.WithoutRefusedAsync(parts, first, watch, ct);
        var done = await Division.EmptyHalvesAsync(first, parts, ledger, ct);
        var binary = await BinaryColumns.FindAsync(parts, archive.Encoding, first, ct);
        parts = [.. parts.Select(part =>
            part is RowPart rows ? rows with { IsBinary = binary.ContainsKey(rows.Entry.DumpId) } : part)];
        var divided = archive.Places is null ? new Dictionary<int, TableParts>() : Division.Of(parts, options.Jobs,
            ledger.Divided);
        await CopyLedger.DivideAsync(first, cleaned.Head, divided, ct);
        watch.Planned(archive.Places is null ? place.SizeBytes : parts.Sum(part => part.SourceBytes));
        await new CopyCrew(new ArchiveRows(archive, divided, binary), sessions, order,
            Division.WithShares(parts, divided), done, options, watch, clock).RunAsync(_ => Task.CompletedTask, ct);
        var refused = await CopiedRights.GiveAsync(first, cleaned, options.LeftOutFile, watch, ct);
        await end(first, ct);
        await CopyLedger.RemoveAsync(first, ct);
        return new(parts.OfType<RowPart>().Count(), watch.Rows, watch.LargeObjects, watch.Bytes,
            clock.GetElapsedTime(started))
        {
            Omissions = new(Source: null, into, CopiedRights.Items(cleaned, refused, options)),
        };
    }

    /// <returns>The archive; its cleaned table of contents; an earlier attempt's ledger; the target's
    /// identity.</returns>
    private async Task<(OpenedArchive Archive, CleanedContents Cleaned, LeftLedger? Before, string Target)> LookAsync(
        CancellationToken ct)
    {
        // The target first, which is quick: finding an archive's blocks may mean reading all of it.
        await using var into = await PostgresSession.OpenAsync(target, ct);
        var before = await EmptyTarget.RequireAsync(into, options.Resumes, hasTables: false,
            () => RestoreFaults.NothingToResume($"{target}"), ct);
        var archive = await OpenedArchive.OpenAsync(place, ct);
        // Statistics are made again from the rows.
        var head = ArchiveEdit.Drop(StandardStrings.Of(archive.Head), entry => entry.Is("STATISTICS DATA"u8));
        var cleaned = options.MappedRoles is { } roles
            ? ArchiveCleaner.Clean(head, await CleaningRulesFinder.FindAsync(head, into, roles, ct))
            : ArchiveCleaner.Clean(ArchiveEdit.Drop(head, entry => entry.Is("ACL"u8) || entry.Is("DEFAULT ACL"u8)),
                rules: null);
        return (archive, cleaned, before, await ServerCatalog.IdentityAsync(into, ct));
    }

    // Reports all that is left out, before anything is made.
    private async Task TellAsync(OpenedArchive archive, CleanedContents cleaned, CopyWatch watch, CancellationToken ct)
    {
        if (archive.Places is null && options.Jobs > 1)
        {
            watch.Note("restore.one_reader", "One worker brings the rows",
                $"{place.Name} can only be read from its beginning to its end",
                "It takes longer. A file, or a store with an archive that was not made into a pipe, "
                + "is read by several.");
        }

        await watch.TellLeftOutAsync(cleaned, options.LeftOutFile, ct);
    }

    private static async Task<IReadOnlyList<CopyPart>> WithTablesAsync(
        ArchiveHead head, IReadOnlyList<CopyPart> parts, PostgresSession first, CopyWatch watch, CancellationToken ct)
    {
        var (kept, gone) = await ArchiveParts.WithTablesAsync(head, parts, first, ct);
        if (gone.Count > 0)
            watch.Note("restore.left_out", $"The rows of {Phrase.List(gone)} are left out",
                "their tables are an extension's that is left out", "");
        return kept;
    }

    private Evidence Proof(CopyResult result) => new(
        $"{target} has {result.InWords(StepName, options.Resumes)}",
        "every table's rows were counted in the archive and in the transaction that brought them; "
        + "whether they equal a source, godwit verify proves");
}
