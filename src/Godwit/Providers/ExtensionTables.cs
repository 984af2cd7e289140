using System.Data.Common;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Finds the user's rows in tables of extensions, and whether the target accepts them. pg_dump includes such
/// rows if the extension declares them as the user's (<c>pg_extension_config_dump</c>): coordinate systems and
/// topologies of PostGIS, the configuration of pg_partman. At a managed target a superuser may own the tables. Then
/// other roles need a grant to write, even for a COPY without rows.</summary>
public static class ExtensionTables
{
    // Keys compared with the target's. Tables of extensions are small.
    private const int KeysMax = 10_000;

    private const int NamedMax = 5;

    private const string Unread =
        "the role that reads the source may not read it, so nobody knows whether rows of yours are in it";

    private const string Configured = """
        SELECT e.extname::text, en.nspname::text, n.nspname::text, c.relname::text,
               pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind = 'S',
               coalesce(config.condition, ''),
               coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.at)
                         FROM pg_catalog.pg_index i
                              CROSS JOIN pg_catalog.unnest(i.indkey) WITH ORDINALITY k (attnum, at)
                              JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                         WHERE i.indrelid = c.oid AND i.indisprimary), ''),
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
                   AND NOT (c.relkind = 'r' AND pg_catalog.row_security_active(c.oid))
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace en ON en.oid = e.extnamespace
             CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) WITH ORDINALITY AS config (relation, condition, at)
             JOIN pg_catalog.pg_class c ON c.oid = config.relation
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE e.oid = ANY ($1) AND c.relkind IN ('r', 'S')
        ORDER BY e.extname, config.at
        """;

    // Found by extension, because its schema may differ at the target.
    private const string There = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind = 'S',
               CASE c.relkind WHEN 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'UPDATE')
                   ELSE pg_catalog.has_table_privilege(c.oid, 'INSERT') END, coalesce(config.condition, '')
        FROM pg_catalog.pg_extension e
             CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) AS config (relation, condition)
             JOIN pg_catalog.pg_class c ON c.oid = config.relation
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE e.extname = $1 AND c.relname = $2
        """;

    /// <param name="extensions">Those of the source that the target gets.</param>
    /// <returns>Tables with rows of the user are <see cref="OwnRows.NotAsked"/>.</returns>
    public static async Task<IReadOnlyList<ExtensionTable>> FindAsync(
        PostgresSession source, IEnumerable<ExtensionVerdict> extensions, CancellationToken ct)
    {
        var all = await source.RowsAsync(Configured, Read, ct, extensions.Select(one => one.Oid).ToArray());
        var found = new List<ExtensionTable>();
        foreach (var table in all)
            found.Add(await CountedAsync(table, source, ct));
        return found;
    }

    /// <summary>A missing extension is created at the target in a transaction that is rolled back.</summary>
    /// <param name="tables">From <see cref="FindAsync"/>, in its order.</param>
    /// <param name="target">A connection is opened for this call only.</param>
    public static async Task<IReadOnlyList<ExtensionTable>> JudgeAsync(
        IReadOnlyList<ExtensionTable> tables, PostgresSession source, PostgresAddress target, CancellationToken ct)
    {
        tables = [.. tables.Select(one => one.MayRead ? one : Refused(one, Unread))];
        if (!tables.Any(one => one.Fate == OwnRows.NotAsked))
            return tables;
        await using var session = await PostgresSession.OpenAsync(target, ct);
        var isToBeEmptied = (await ServerCatalog.RelationsAsync(session, ct)).Count > 0;
        var judged = new List<ExtensionTable>();
        foreach (var extension in tables.GroupBy(one => one.Extension))
        {
            judged.AddRange(extension.Any(one => one.Fate == OwnRows.NotAsked)
                ? await TriedAsync([.. extension], source, session, isToBeEmptied, ct) : extension);
        }

        return judged;
    }

    private static ExtensionTable Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetBoolean(5),
        row.GetString(6), row.GetString(7), row.GetBoolean(8));

    private static async Task<ExtensionTable> CountedAsync(
        ExtensionTable table, PostgresSession source, CancellationToken ct)
    {
        if (!table.MayRead)
            return table with { Fate = OwnRows.NotAsked, Why = "the role may not read them" };
        if (table.IsSequence)
        {
            return await source.ScalarAsync<bool>($"SELECT is_called FROM {table.Title}", ct)
                ? table with { Rows = 1, Fate = OwnRows.NotAsked, Why = "there is no target yet" }
                : table;
        }

        var count = await source.ScalarAsync<long>(
            $"SELECT pg_catalog.count(*) FROM ONLY {table.Title} {table.Condition}", ct);
        if (count == 0)
            return table;
        IReadOnlyList<string> keys = table.Key.Length == 0 ? []
            : await source.RowsAsync($"""
                SELECT pg_catalog.quote_literal(ROW({table.Key})::text) FROM ONLY {table.Title} {table.Condition}
                ORDER BY {table.Key} LIMIT {NamedMax}
                """, row => row.GetString(0), ct);
        return table with { Rows = count, Fate = OwnRows.NotAsked, Why = "there is no target yet", FirstKeys = keys };
    }

    private static async Task<IReadOnlyList<ExtensionTable>> TriedAsync(
        IReadOnlyList<ExtensionTable> tables, PostgresSession source, PostgresSession target, bool isToBeEmptied,
        CancellationToken ct)
    {
        await target.ExecuteAsync("BEGIN READ WRITE", ct);
        try
        {
            await CreateAsync(tables[0], target, ct);
            var judged = new List<ExtensionTable>();
            foreach (var table in tables)
                judged.Add(table.Fate == OwnRows.NotAsked
                    ? await AskedAsync(table, source, target, isToBeEmptied, ct) : table);
            return judged;
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && target.IsOpen)
        {
            // A later CREATE EXTENSION would fail with the same error, so its reason is kept.
            return [.. tables.Select(one => one.Fate == OwnRows.NotAsked ? one with { Why = e.Fault.Why } : one)];
        }
        finally
        {
            if (target.IsOpen)
                await target.ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
    }

    private static async Task CreateAsync(ExtensionTable one, PostgresSession target, CancellationToken ct)
    {
        // The archive's heroku_ext, Heroku's former schema for extensions, is also rewritten to public.
        var schema = one.ExtensionSchema == "heroku_ext" ? "public" : one.ExtensionSchema;
        var isThere = await target.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = $1)", ct, one.Extension);
        if (isThere)
            return;
        if (!await target.ScalarAsync<bool>("SELECT pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) IS NOT NULL",
            ct, schema))
            await target.ExecuteAsync($"CREATE SCHEMA {ServerCatalog.Quote(schema)}", ct);
        await target.ExecuteAsync(
            $"CREATE EXTENSION {ServerCatalog.Quote(one.Extension)} WITH SCHEMA {ServerCatalog.Quote(schema)} CASCADE",
            ct);
    }

    private static async Task<ExtensionTable> AskedAsync(
        ExtensionTable table, PostgresSession source, PostgresSession target, bool isToBeEmptied, CancellationToken ct)
    {
        var there = await target.RowsAsync(
            There, row => (Title: row.GetString(0), IsSequence: row.GetBoolean(1), MayWrite: row.GetBoolean(2),
                Condition: row.GetString(3)), ct, table.Extension, table.Name);
        if (there.Count == 0 || there[0].IsSequence != table.IsSequence)
            return Refused(table, "the target's version of the extension has no such table for the user's rows");
        if (!there[0].MayWrite)
            return Refused(table,
                "the table belongs to the extension there, and the target's owner may not insert into it");
        if (table.IsSequence || table.Key.Length == 0)
            return table with { Fate = OwnRows.Brought, Why = "" };
        // Rows that the extension there calls the user's are gone when the target is emptied.
        var isTheirOwn = !isToBeEmptied ? "" : $"AND ROW({table.Key})::text NOT IN "
            + $"(SELECT ROW({table.Key})::text FROM ONLY {there[0].Title} {there[0].Condition})";
        return await ComparedAsync(table, there[0].Title, isTheirOwn, source, target, ct);
    }

    // A newer version of an extension may bring a row that the user added under the old version.
    private static async Task<ExtensionTable> ComparedAsync(
        ExtensionTable table, string title, string isTheirOwn, PostgresSession source, PostgresSession target,
        CancellationToken ct)
    {
        var mine = await source.RowsAsync($"""
            SELECT ROW({table.Key})::text, one::text FROM ONLY {table.Title} AS one {table.Condition}
            ORDER BY {table.Key} LIMIT {KeysMax}
            """, Pair, ct);
        var its = (await target.RowsAsync(
            $"SELECT ROW({table.Key})::text, one::text FROM ONLY {title} AS one "
            + $"WHERE ROW({table.Key})::text = ANY ($1) {isTheirOwn}",
            Pair, ct, new object[] { mine.Select(one => one.Key).ToArray() }))
            .ToDictionary(one => one.Key, one => one.Row);
        if (its.Count == 0)
            return table with { Fate = OwnRows.Brought, Why = "" };
        if (its.Count == table.Rows && mine.All(one => its[one.Key] == one.Row))
            return table with { Fate = OwnRows.None, Why = "the target's version of the extension brings them itself" };
        return Refused(table,
            $"the target's version of the extension has rows with the same key ({Phrase.List(its.Keys)})");
    }

    private static ExtensionTable Refused(ExtensionTable table, string why) =>
        table with { Fate = OwnRows.Refused, Why = why };

    private static (string Key, string Row) Pair(DbDataReader row) => (row.GetString(0), row.GetString(1));
}
