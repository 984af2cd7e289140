using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>What a copy has done, kept in the target. Each line is written in the transaction of its work, so that it
/// is true after any crash. Removed at the end.</summary>
/// <param name="Contents">Digest of the definitions that rows need: entry numbers are valid only for these.</param>
/// <param name="Moment">The source's snapshot: if a later one is the same, nothing was written in between.</param>
/// <param name="Divided">How tables are divided, by their entry. A resumed copy keeps the parts.</param>
internal sealed record CopyLedger(
    string Contents, string Moment, IReadOnlySet<WorkId> Done, IReadOnlyDictionary<int, TableParts> Divided)
{
    public const string Schema = "godwit_copy";

    /// <summary>Later changes of the source do not matter.</summary>
    public bool HasAllRows { get; init; }

    /// <summary>An archive's mark is a hexadecimal digest; a source's moment has colons.</summary>
    public bool IsOfArchive => !Moment.Contains(':', StringComparison.Ordinal);

    // Transactions begun and not ended: the text stays the same while nobody writes. Every server knows this older
    // function name.
    private const string MomentQuery = "SELECT pg_catalog.txid_current_snapshot()::text";

    // Random bytes for a moment that cannot be determined, so that it equals no other.
    private const int UntoldBytes = 16;

    /// <summary>A standby's snapshots do not list open transactions, so different moments can look alike. There the
    /// replayed WAL position is used, if it was the same before and after the snapshot was taken.</summary>
    /// <param name="source">Shares the snapshot.</param>
    /// <param name="replayedTo">From <see cref="StandbyFacts.ReplayedToAsync"/> before the snapshot was taken.</param>
    public static async Task<string> MomentAsync(PostgresSession source, string? replayedTo, CancellationToken ct)
    {
        var after = await StandbyFacts.ReplayedToAsync(source, ct);
        return replayedTo is null && after is null ? (await source.ScalarAsync<string>(MomentQuery, ct))!
            : $"standby:{(replayedTo == after ? after : RandomNumberGenerator.GetHexString(UntoldBytes * 2))}";
    }

    /// <summary>Resumes an earlier attempt only if nobody has written to the source since: its snapshot ended with its
    /// session.</summary>
    /// <param name="isFrozen">Nobody can have written since that attempt began.</param>
    /// <exception cref="FaultException">The parts would be of two moments.</exception>
    public CopyLedger Resume(
        CopyLedger before, ArchiveHead head, PostgresAddress source, PostgresAddress target, bool isFrozen)
    {
        if (before.IsOfArchive)
            throw new FaultException(CopyFaults.RestoreUnfinished($"{source}", $"{target}"));
        if (before.Contents != Contents)
            throw new FaultException(CopyFaults.DefinitionsChanged($"{source}"));
        if (before.HasAllRows || before.Moment == Moment || isFrozen)
            return before;
        var copied = before.Done.Select(one => one.DumpId).ToHashSet();
        IReadOnlyList<string> tables = [.. head.Entries
            .Where(entry => entry.Is("TABLE DATA"u8) && copied.Contains(entry.DumpId))
            .Select(entry => $"{entry.Namespace}.{entry.Tag}")];
        throw new FaultException(CopyFaults.SourceChanged($"{source}",
            tables.Count > 0 ? Phrase.List(tables) : "how its tables are divided"));
    }

    // Lines in one statement.
    private const int LinesMax = 1000;

    // Each table has a primary key: a publication of all tables, which may be copied too, allows no UPDATE without one.
    private const string Make = $"""
        CREATE SCHEMA {Schema};
        COMMENT ON SCHEMA {Schema} IS 'An unfinished copy by Godwit. It is removed at the end of the copy; '
            'without it the copy cannot be gone on with.';
        CREATE TABLE {Schema}.copy (contents text PRIMARY KEY, moment text NOT NULL,
            has_all_rows boolean NOT NULL DEFAULT false, begun timestamptz NOT NULL DEFAULT pg_catalog.now());
        CREATE TABLE {Schema}.divided (entry bigint, part int, condition bytea NOT NULL, file bigint NOT NULL,
            PRIMARY KEY (entry, part));
        CREATE TABLE {Schema}.done (entry bigint, part int, rows bigint, bytes bigint, PRIMARY KEY (entry, part));
        """;

    /// <summary>Digest of all definitions that rows need, and of the data entries, in any order. Later definitions may
    /// change between attempts. A sequence's value is left out: the application changes it.</summary>
    public static string DigestOf(ArchiveHead head)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var key in head.Entries.Where(MattersForRows).Select(EntryKey.Of).Order())
            hash.AppendData(BitConverter.GetBytes(key));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static bool MattersForRows(TocEntry entry) =>
        entry.Section is ArchiveSection.PreData or ArchiveSection.Data && !entry.Is("SEQUENCE SET"u8);

    public static CopyLedger New(string contents, string moment) =>
        new(contents, moment, new HashSet<WorkId>(), new Dictionary<int, TableParts>());

    public Task MakeAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"{Make} INSERT INTO {Schema}.copy (contents, moment) VALUES ('{Contents}', '{Moment}')",
            ct);

    /// <summary>The ledger of an unfinished copy; null: none.</summary>
    public static async Task<LeftLedger?> FindAsync(PostgresSession target, CancellationToken ct)
    {
        if (!await target.ScalarAsync<bool>($"SELECT pg_catalog.to_regclass('{Schema}.done') IS NOT NULL", ct))
            return null;
        var copy = await target.RowsAsync($"SELECT contents, moment, has_all_rows FROM {Schema}.copy",
            row => (Contents: row.GetString(0), Moment: row.GetString(1), HasAllRows: row.GetBoolean(2)), ct);
        var done = await target.RowsAsync($"SELECT entry, part FROM {Schema}.done",
            row => (row.GetInt64(0), row.GetInt32(1)), ct);
        var divided = await target.RowsAsync(
            $"SELECT entry, condition, file FROM {Schema}.divided ORDER BY entry, part",
            row => (Entry: row.GetInt64(0), Condition: Encoding.Latin1.GetString(row.GetFieldValue<byte[]>(1)),
                File: row.GetInt64(2)), ct);
        return new(copy[0].Contents, copy[0].Moment, done,
            divided.GroupBy(one => one.Entry).ToDictionary(one => one.Key,
                one => new TableParts([.. one.Select(part => part.Condition)]) { File = one.First().File }))
        {
            HasAllRows = copy[0].HasAllRows,
        };
    }

    /// <summary>Tables with rows of transactions that the ledger does not have: somebody else wrote them.</summary>
    public static async Task<IReadOnlyList<string>> OthersRowsAsync(PostgresSession target, CancellationToken ct)
    {
        var others = new List<string>();
        var tables = await target.RowsAsync($"""
            SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
            {ServerCatalog.UserRelations} AND c.relkind = 'r' AND n.nspname <> '{Schema}' ORDER BY 1
            """, row => row.GetString(0), ct);
        foreach (var table in tables)
        {
            if (await target.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM ONLY {table} "
                + $"WHERE xmin::text NOT IN (SELECT xmin::text FROM {Schema}.done))", ct))
                others.Add(table);
        }

        return others;
    }

    /// <summary>Called before the first row of these tables.</summary>
    public static async Task DivideAsync(
        PostgresSession target, ArchiveHead head, IReadOnlyDictionary<int, TableParts> divided, CancellationToken ct)
    {
        var keys = head.Entries.Where(entry => divided.ContainsKey(entry.DumpId))
            .ToDictionary(entry => entry.DumpId, EntryKey.Of);
        // Conditions are bytes in the source's encoding, and must be returned unchanged.
        var lines = divided.SelectMany(one => one.Value.Conditions.Select((condition, part) =>
            FormattableString.Invariant($"({keys[one.Key]}, {part}, '\\x{Hex(condition)}', {one.Value.File})")));
        foreach (var some in lines.Chunk(LinesMax))
            await target.ExecuteAsync($"INSERT INTO {Schema}.divided (entry, part, condition, file) "
                + $"VALUES {string.Join(", ", some)} ON CONFLICT DO NOTHING", ct);

        static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>Removes a table's rows, so that it is copied again.</summary>
    public static Task ForgetAsync(PostgresSession target, RowPart part, CancellationToken ct)
    {
        var key = EntryKey.Of(part.Entry);
        // A table that existed before may be referenced, and then it cannot be truncated.
        return target.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
            $"{(part.Existing is null ? "TRUNCATE" : "DELETE FROM")} ONLY {part.Table}; "
            + $"DELETE FROM {Schema}.done WHERE entry = {key}; DELETE FROM {Schema}.divided WHERE entry = {key}"), ct);
    }

    /// <summary>SQL to run in the transaction of the work.</summary>
    public static string Line(Work work) =>
        FormattableString.Invariant($"INSERT INTO {Schema}.done (entry, part) VALUES ({work.Key}, {work.Id.Part});");

    /// <summary>Counts the rows inserted by the session's transaction into a table and its partitions. The counter
    /// includes earlier transactions until the session reports them:
    /// https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/activity/pgstat_relation.c,
    /// pgstat_relation_flush_cb.</summary>
    public static string RowsQuery(RowPart part)
    {
        var table = $"'{part.Table.Replace("'", "''", StringComparison.Ordinal)}'::pg_catalog.regclass";
        return $"""
            SELECT coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_inserted(one)), 0)::bigint
            FROM (SELECT {table} UNION SELECT relid FROM pg_catalog.pg_partition_tree({table})) AS into_ (one)
            """;
    }

    /// <summary>For rows; returns how many they are.</summary>
    /// <param name="counted">Result of <see cref="RowsQuery"/> in the same transaction before the rows.</param>
    public static string Line(RowPart part, long bytes, long counted) => string.Create(CultureInfo.InvariantCulture,
        $"INSERT INTO {Schema}.done (entry, part, rows, bytes) SELECT {EntryKey.Of(part.Entry)}, {part.Number}, "
            + $"({RowsQuery(part)}) - {counted}, {bytes} RETURNING rows");

    public static string Line(LargeObjectPart part, long bytes) => FormattableString.Invariant(
        $"INSERT INTO {Schema}.done (entry, part, bytes) VALUES ({EntryKey.Of(part.Entry)}, {part.Number}, {bytes});");

    /// <summary>Called after the last row.</summary>
    public static Task RowsAreThereAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"UPDATE {Schema}.copy SET has_all_rows = true", ct);

    /// <summary>Also waits until everything is on the target's disk: sessions that carried rows did not.</summary>
    public static Task RemoveAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"SET synchronous_commit = on; DROP TABLE {Schema}.copy, {Schema}.divided, {Schema}.done; "
            + $"DROP SCHEMA {Schema}", ct);
}

/// <summary>A ledger as found, by entry keys.</summary>
internal sealed record LeftLedger(
    string Contents, string Moment, IReadOnlyList<(long Key, int Part)> Done,
    IReadOnlyDictionary<long, TableParts> Divided)
{
    /// <inheritdoc cref="CopyLedger.HasAllRows"/>
    public bool HasAllRows { get; init; }

    /// <summary>Translates keys into the entry numbers of this table of contents.</summary>
    public CopyLedger In(ArchiveHead head)
    {
        var keys = head.Entries.Select(entry => (entry.DumpId, Key: EntryKey.Of(entry)))
            .ToLookup(one => one.Key, one => one.DumpId);
        return new(Contents, Moment,
            Done.SelectMany(one => keys[one.Key].Select(id => new WorkId(id, one.Part))).ToHashSet(),
            Divided.SelectMany(one =>
                keys[one.Key].Select(id => (id, one.Value))).ToDictionary(one => one.id, one => one.Value))
        {
            HasAllRows = HasAllRows,
        };
    }
}
