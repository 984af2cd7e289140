using Godwit.Copy.Archive;
using Godwit.Copy.Archive.Binary;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Extract;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Copies a source whose sessions cannot share a snapshot: rows come from the stream of one stock pg_dump, so
/// definitions, rows and large objects are of one transaction. A session beside pg_dump would see another moment, and
/// definitions changed in between would not fit the rows.</summary>
/// <param name="options">With the rules for what the target would refuse.</param>
internal sealed class StreamedCopy(PgDumpCall call, PostgresAddress target, CopyOptions options, TimeProvider clock)
{
    private readonly FillOptions _fill = options.Fill;

    /// <param name="left">Ledger of an earlier attempt; null: none.</param>
    /// <param name="between">Both databases, from <see cref="ServerCatalog.IdentityAsync"/>.</param>
    /// <param name="begin">As in <see cref="DirectCopy"/>, like <paramref name="end"/>.</param>
    public async Task<CopyResult> CopyAsync(
        CopyWatch watch, LeftLedger? left, (string Source, string Target) between,
        Func<CleanedContents?, CancellationToken, Task> begin,
        Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        await using var looking = await PostgresSession.OpenAsync(call.Source, ct);
        var replayedTo = await StandbyFacts.ReplayedToAsync(looking, ct);
        await using var stream = new DumpStream(call, options, watch,
            (await looking.ScalarAsync<string>("SHOW server_encoding", ct))!);
        var archive = await OpenedArchive.OpenAsync(stream, ct);
        // The snapshot was taken between the two reads of the replayed position.
        var moment = await CopyLedger.MomentAsync(looking, replayedTo, ct);
        var cleaned = ArchiveCleaner.Clean(archive.Head, options.Cleaning);
        var head = StandardStrings.Of(cleaned.Head);
        var order = new RestoreOrder(head) { CopiedParts = options.CopiedParts };
        var sessions = new TargetSessions(target, archive.Encoding, _fill.Makers);
        await using var first = await sessions.OpenAsync(ct);
        // The digest differs from a copy's with several sessions, which divides tables: neither can resume the other.
        var now = CopyLedger.New(
            $"{CopyLedger.DigestOf(head)}{(options.HasRowsAlone ? " rows alone" : "")} in one session", moment);
        var ledger = left is null ? now : now.Resume(left.In(head), head, call.Source, target, options.IsFrozen);
        var existing =
            options.HasRowsAlone ? await ExistingTables.FindAsync(first, head, begins: left is null, ct) : null;
        var parts = await PartsAsync(stream, head, existing);
        // Without definitions none is left out.
        await begin(options.HasRowsAlone ? null : cleaned, ct);
        if (left is null)
            await ledger.MakeAsync(first, ct);
        if (existing is null)
            watch.Begun($"{target}", "making the tables");
        await new DefinitionWriter(first, _fill, watch)
            .MakeAsync([.. order.First.Where(entry => order.Makes(entry) && !ledger.Done.Contains(entry.DumpId))], ct);
        watch.Planned(null);
        var rows = await ExtensionRows.WithoutRefusedAsync([.. parts.OfType<RowPart>()], looking, first, watch, ct);
        var binary = existing is null ? await BinaryColumns.FindAsync(rows, archive.Encoding, first,
            ct) : new Dictionary<int, IReadOnlyList<FieldKind>>();
        await new CopyCrew(new ArchiveRows(archive, new Dictionary<int, TableParts>(), binary), sessions, order,
            [.. rows, .. parts.OfType<LargeObjectPart>()],
            ledger.Done, _fill with { Jobs = 1, IndexJobs = _fill.Makers }, watch, clock).RunAsync(async token =>
        {
            await CopyLedger.RowsAreThereAsync(first, token);
            // The source is not needed any more.
            await stream.DisposeAsync();
        }, ct);
        var refused =
            existing is null ? await CopiedRights.GiveAsync(first, cleaned, _fill.LeftOutFile, watch, ct) : [];
        await end(first, ct);
        await CopyLedger.RemoveAsync(first, ct);
        return new(rows.Count, watch.Rows, watch.LargeObjects, watch.Bytes, clock.GetElapsedTime(started))
        {
            Omissions = existing is null ? new(between.Source, between.Target,
                CopiedRights.Items(cleaned, refused, _fill)) : null,
        };
    }

    // In pg_dump's order.
    private async Task<IReadOnlyList<CopyPart>> PartsAsync(
        DumpStream stream, ArchiveHead head, ExistingTables? existing)
    {
        var parts = await RestoreErrors.OpeningAsync(stream,
            () => Task.FromResult(ArchiveParts.Of(head, new Dictionary<int, long>())));
        if (existing is null)
            return parts;
        parts = [.. parts.Select(part => part is RowPart rows
            ? rows with { IsWhole = false, Existing = existing.ByEntry[rows.Entry.DumpId] } : part)];
        var places = head.Entries.Index().ToDictionary(one => one.Item.DumpId, one => one.Index);
        var early = parts.OfType<RowPart>().Where(part => part.Existing!.Needs.Any(need =>
            places[need] > places[part.Entry.DumpId])).Select(part => part.Title).ToList();
        return early.Count == 0 ? parts : throw new FaultException(CopyFaults.OrderInOneSession(
            $"{call.Source}", Phrase.List(early), "sessions of this standby may not share a snapshot"));
    }

    // pg_dump's standard output as an archive.
    private sealed class DumpStream : IArchivePlace, IAsyncDisposable
    {
        private readonly PgDumpCall _call;

        public DumpStream(PgDumpCall call, CopyOptions options, CopyWatch watch, string encoding)
        {
            _call = call;
            // The bytes stay in this machine's memory, so they are not compressed. With --data-only pg_dump puts tables
            // after those that they reference.
            var process = call.Start([$"--encoding={encoding}",
                "--compress=0", .. options.HasRowsAlone ? ["--data-only"] : Array.Empty<string>()], options);
            Content = new PgDumpOutput(process, call.Source, options,
                new LockWatch(PostgresAddress.ApplicationName, watch.SourceWaits, watch.Clock).Start(call.Source));
        }

        public string Name => $"the stream of {_call.Name}";

        public long? SizeBytes => null;

        public bool IsLocal => false;

        public bool HasPieces => false;

        public Stream Content { get; }

        public Fault Explain(Exception error) =>
            ExtractFaults.ContentsNotUnderstood(_call.Name, error is ArchiveException e ? e.Why : error.Message);

        public Task<Stream> OpenPieceAsync(long offsetBytes, long lengthBytes, CancellationToken ct) =>
            throw new NotSupportedException("A stream has no pieces.");

        public ValueTask DisposeAsync() => Content.DisposeAsync();
    }
}
