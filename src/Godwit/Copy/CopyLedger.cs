using Godwit.Copy.Definitions;
using Godwit.Copy.Rows;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>What of a copy is done, kept in the target itself: each line is written in the transaction of what it tells, so that it is true after any death.
/// At the end it is removed.</summary>
/// <param name="Contents">Digest of all definitions: the numbers of the entries mean something for these only.</param>
/// <param name="Moment">Of the source, as it names its snapshots: who sees the same has missed nothing.</param>
/// <param name="Divided">How tables are divided, by their entry: the parts of a resumed copy are those of its beginning.</param>
internal sealed record CopyLedger(string Contents, string Moment, IReadOnlySet<WorkId> Done, IReadOnlyDictionary<int, TableParts> Divided)
{
    public const string Schema = "godwit_copy";

    /// <summary>Transactions that had begun, and those that had not ended: as long as nobody writes, it stays the same. The older name is known to every server.</summary>
    public const string MomentQuery = "SELECT pg_catalog.txid_current_snapshot()::text";

    /// <summary>Lines that are sent at once.</summary>
    private const int LinesMax = 1000;

    private const string Make = $"""
        CREATE SCHEMA {Schema};
        COMMENT ON SCHEMA {Schema} IS 'An unfinished copy by Godwit. It is removed at the end of the copy; without it the copy cannot be gone on with.';
        CREATE TABLE {Schema}.copy (contents text NOT NULL, moment text NOT NULL, begun timestamptz NOT NULL DEFAULT pg_catalog.now());
        CREATE TABLE {Schema}.divided (entry int PRIMARY KEY, pages bigint NOT NULL, parts int NOT NULL);
        CREATE TABLE {Schema}.done (entry int, part int, rows bigint, bytes bigint, PRIMARY KEY (entry, part));
        """;

    public static CopyLedger New(string contents, string moment) => new(contents, moment, new HashSet<WorkId>(), new Dictionary<int, TableParts>());

    /// <summary>In a target that has none.</summary>
    public Task MakeAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"{Make} INSERT INTO {Schema}.copy (contents, moment) VALUES ('{Contents}', '{Moment}')", ct);

    /// <summary>That of a copy which did not come to its end; null: there is none.</summary>
    public static async Task<CopyLedger?> FindAsync(PostgresSession target, CancellationToken ct)
    {
        if (!await target.ScalarAsync<bool>($"SELECT pg_catalog.to_regclass('{Schema}.done') IS NOT NULL", ct))
            return null;
        var copy = await target.RowsAsync($"SELECT contents, moment FROM {Schema}.copy", row => (row.GetString(0), row.GetString(1)), ct);
        var done = await target.RowsAsync($"SELECT entry, part FROM {Schema}.done", row => new WorkId(row.GetInt32(0), row.GetInt32(1)), ct);
        var divided = await target.RowsAsync($"SELECT entry, pages, parts FROM {Schema}.divided", row => (row.GetInt32(0), new TableParts(row.GetInt64(1), row.GetInt32(2))), ct);
        return new(copy[0].Item1, copy[0].Item2, done.ToHashSet(), divided.ToDictionary(one => one.Item1, one => one.Item2));
    }

    /// <summary>Before the first row of any of them.</summary>
    public static async Task DivideAsync(PostgresSession target, IReadOnlyDictionary<int, TableParts> divided, CancellationToken ct)
    {
        foreach (var some in divided.Chunk(LinesMax))
        {
            var lines = string.Join(", ", some.Select(one => FormattableString.Invariant($"({one.Key}, {one.Value.Pages}, {one.Value.Count})")));
            await target.ExecuteAsync($"INSERT INTO {Schema}.divided (entry, pages, parts) VALUES {lines} ON CONFLICT DO NOTHING", ct);
        }
    }

    /// <summary>To be sent in the transaction of what was done.</summary>
    public static string Line(WorkId id) => FormattableString.Invariant($"INSERT INTO {Schema}.done (entry, part) VALUES ({id.DumpId}, {id.Part});");

    /// <summary>Of rows; the server counts what the transaction has put into the table, whose name is $1.</summary>
    public static string Line(RowPart part, long bytes) => FormattableString.Invariant($"""
        INSERT INTO {Schema}.done (entry, part, rows, bytes)
        SELECT {part.Entry.DumpId}, {part.Number}, pg_catalog.pg_stat_get_xact_tuples_inserted($1::pg_catalog.regclass), {bytes} RETURNING rows
        """);

    public static string Line(LargeObjectPart part, long bytes) => FormattableString.Invariant(
        $"INSERT INTO {Schema}.done (entry, part, bytes) VALUES ({part.Entry.DumpId}, {part.Number}, {bytes});");

    /// <summary>Behind it everything is on the target's disk: sessions that carried rows did not wait for that.</summary>
    public static Task RemoveAsync(PostgresSession target, CancellationToken ct) =>
        target.ExecuteAsync($"SET synchronous_commit = on; DROP TABLE {Schema}.copy, {Schema}.divided, {Schema}.done; DROP SCHEMA {Schema}", ct);
}

/// <summary>How the rows of a table are divided.</summary>
/// <param name="Pages">Of the table, when it was divided.</param>
internal sealed record TableParts(long Pages, int Count);
