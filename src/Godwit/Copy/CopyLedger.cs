using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>What of a copy is done, kept in the target itself: each line is written in the transaction of what it
/// tells, so that it is true after any death.
/// At the end it is removed.</summary>
/// <param name="Contents">Digest of the definitions that matter for rows: the numbers of the entries mean something for
/// these only.</param>
/// <param name="Moment">Of the source, as it names its snapshots: who sees the same has missed nothing.</param>
/// <param name="Divided">How tables are divided, by their entry: the parts of a resumed copy are those of its
/// beginning.</param>
internal sealed record CopyLedger(
    string Contents, string Moment, IReadOnlySet<WorkId> Done, IReadOnlyDictionary<int, TableParts> Divided)
{
    public const string Schema = "godwit_copy";

    /// <summary>Nothing more is needed of the source: what it holds now is of no account.</summary>
    public bool HasAllRows { get; init; }

    /// <summary>A restore's: an archive is marked by a number, a moment of a source has colons.</summary>
    public bool IsOfArchive => !Moment.Contains(':', StringComparison.Ordinal);

    /// <summary>Transactions that had begun, and those that had not ended: as long as nobody writes, it stays the same.
    /// The older name is known to every server.</summary>
    private const string MomentQuery = "SELECT pg_catalog.txid_current_snapshot()::text";

    /// <summary>Random bytes: two moments that cannot be told are never the same.</summary>
    private const int UntoldBytes = 16;

    /// <summary>Which moment a source is at. A standby's snapshots do not list the transactions that have not ended, so
    /// two of different moments can look alike: there it is told by how far the log was replayed, and only if that was
    /// the same before the snapshot was taken and after.</summary>
    /// <param name="source">In the snapshot.</param>
    /// <param name="replayedTo">What <see cref="StandbyFacts.ReplayedToAsync"/> said before the snapshot was
    /// taken.</param>
    public static async Task<string> MomentAsync(PostgresSession source, string? replayedTo, CancellationToken ct)
    {
        var after = await StandbyFacts.ReplayedToAsync(source, ct);
        return replayedTo is null && after is null ? (await source.ScalarAsync<string>(MomentQuery, ct))!
            : $"standby:{(replayedTo == after ? after : RandomNumberGenerator.GetHexString(UntoldBytes * 2))}";
    }

    /// <summary>What is there counts only if the source is what it was: a snapshot ends with its session, so it is
    /// asked whether anybody has written since.</summary>
    /// <param name="before">Of the earlier attempt.</param>
    /// <param name="isFrozen">Nobody can have written since that began.</param>
    /// <returns>The ledger to go on with.</returns>
    /// <exception cref="FaultException">The parts would be of two moments.</exception>
    public CopyLedger GoOn(
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
            tables.Count > 0 ? Named.Some(tables) : "how its tables are divided"));
    }

    /// <summary>Lines that are sent at once.</summary>
    private const int LinesMax = 1000;

    // Each table has a key: where a publication of all tables is copied too, nobody may change one without.
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

    /// <summary>Of what rows are brought into and what is brought, in whatever order. What is made behind the rows is
    /// made as the source has it then; where a sequence stands is no definition: the application moves it.</summary>
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

    /// <summary>In a target that has none.</summary>
    public Task MakeAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"{Make} INSERT INTO {Schema}.copy (contents, moment) VALUES ('{Contents}', '{Moment}')",
            ct);

    /// <summary>That of a copy which did not come to its end; null: there is none.</summary>
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

    /// <summary>Tables with rows of transactions that the ledger does not have: somebody else has written
    /// them.</summary>
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

    /// <summary>Before the first row of any of them.</summary>
    public static async Task DivideAsync(
        PostgresSession target, ArchiveHead head, IReadOnlyDictionary<int, TableParts> divided, CancellationToken ct)
    {
        var keys = head.Entries.Where(entry => divided.ContainsKey(entry.DumpId))
            .ToDictionary(entry => entry.DumpId, EntryKey.Of);
        // Conditions are bytes in the source's encoding, which must come back as they were.
        var lines = divided.SelectMany(one => one.Value.Conditions.Select((condition, part) =>
            FormattableString.Invariant($"({keys[one.Key]}, {part}, '\\x{Hex(condition)}', {one.Value.File})")));
        foreach (var some in lines.Chunk(LinesMax))
            await target.ExecuteAsync($"INSERT INTO {Schema}.divided (entry, part, condition, file) "
                + $"VALUES {string.Join(", ", some)} ON CONFLICT DO NOTHING", ct);

        static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>What was brought of a table is of no use: it begins anew.</summary>
    public static Task ForgetAsync(PostgresSession target, RowPart part, CancellationToken ct)
    {
        var key = EntryKey.Of(part.Entry);
        // A table that was there before may be referred to, and then it cannot be truncated.
        return target.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
            $"{(part.Existing is null ? "TRUNCATE" : "DELETE FROM")} ONLY {part.Table}; "
            + $"DELETE FROM {Schema}.done WHERE entry = {key}; DELETE FROM {Schema}.divided WHERE entry = {key}"), ct);
    }

    /// <summary>To be sent in the transaction of what was done.</summary>
    public static string Line(Work work) =>
        FormattableString.Invariant($"INSERT INTO {Schema}.done (entry, part) VALUES ({work.Key}, {work.Id.Part});");

    /// <summary>Rows that the server has counted for the session's transaction, into a table and its partitions. It
    /// counts on from transactions before, until it has told them to others:
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

    /// <summary>Of rows; it tells how many they are.</summary>
    /// <param name="counted">What <see cref="RowsQuery"/> has said in the same transaction before them.</param>
    public static string Line(RowPart part, long bytes, long counted) => string.Create(CultureInfo.InvariantCulture,
        $"INSERT INTO {Schema}.done (entry, part, rows, bytes) SELECT {EntryKey.Of(part.Entry)}, {part.Number}, "
            + $"({RowsQuery(part)}) - {counted}, {bytes} RETURNING rows");

    public static string Line(LargeObjectPart part, long bytes) => FormattableString.Invariant(
        $"INSERT INTO {Schema}.done (entry, part, bytes) VALUES ({EntryKey.Of(part.Entry)}, {part.Number}, {bytes});");

    /// <summary>Behind the last row.</summary>
    public static Task RowsAreThereAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"UPDATE {Schema}.copy SET has_all_rows = true", ct);

    /// <summary>Behind it everything is on the target's disk: sessions that carried rows did not wait for
    /// that.</summary>
    public static Task RemoveAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"SET synchronous_commit = on; DROP TABLE {Schema}.copy, {Schema}.divided, {Schema}.done; "
            + $"DROP SCHEMA {Schema}", ct);
}

/// <summary>A ledger as it was found: by the keys of entries.</summary>
internal sealed record LeftLedger(
    string Contents, string Moment, IReadOnlyList<(long Key, int Part)> Done,
    IReadOnlyDictionary<long, TableParts> Divided)
{
    /// <inheritdoc cref="CopyLedger.HasAllRows"/>
    public bool HasAllRows { get; init; }

    /// <summary>By the numbers that this table of contents has for the same entries.</summary>
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
