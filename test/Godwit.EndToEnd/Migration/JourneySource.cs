using System.Globalization;
using Godwit.App.Demo;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>The small source of most journeys, and a comparison of two databases that does not use Godwit.</summary>
internal static class JourneySource
{
    public const string Small = """
        CREATE SCHEMA "Odd schema";
        CREATE TABLE birds (id bigserial PRIMARY KEY, name text NOT NULL, "Wing span" numeric(6,2),
            seen timestamptz DEFAULT '2024-02-29 12:00Z');
        INSERT INTO birds (name, "Wing span") SELECT 'godwit ' || n, n / 7.0 FROM generate_series(1, 2000) n;
        CREATE TABLE "Odd schema"."select; drop ""table"" ♥" (id int PRIMARY KEY, "order" jsonb,
            bird bigint REFERENCES birds);
        INSERT INTO "Odd schema"."select; drop ""table"" ♥" SELECT n, jsonb_build_object('n', n, 't', E'a\\\tb\n'), n
            FROM generate_series(1, 300) n;
        CREATE TABLE empty_one (a int, b bytea);
        CREATE INDEX ON birds (name);
        CREATE VIEW wide AS SELECT * FROM birds WHERE "Wing span" > 100;
        CREATE FUNCTION flap() RETURNS int LANGUAGE sql AS 'SELECT 42';
        SELECT lo_from_bytea(0, decode(repeat('c0ffee', 50000), 'hex'));
        """;

    // 64 MB of hexadecimal digits, which neither the server nor pg_dump compresses much: the dump takes seconds on any
    // machine.
    private const string Long = """
        CREATE TABLE noise (id int PRIMARY KEY, digits text);
        ALTER TABLE noise ALTER digits SET STORAGE EXTERNAL;
        INSERT INTO noise SELECT n, (SELECT string_agg(md5(n::text || '/' || m), '') FROM generate_series(1, 200) m)
            FROM generate_series(1, 10000) n;
        """;

    /// <param name="script">SQL to run instead of creating the contents; null: none.</param>
    public static async Task FillAsync(
        Secret connection, SourceContents contents, string? script, CancellationToken ct)
    {
        if (contents == SourceContents.Sample && script is null)
        {
            await SampleDatabase.CreateAsync(connection, ct);
            return;
        }

        await using var owner = new NpgsqlConnection(connection.Reveal());
        await owner.OpenAsync(ct);
#pragma warning disable CA2100 // A script of a test.
        await using var command = new NpgsqlCommand(
            script ?? (contents == SourceContents.Slow ? Small + Long : Small), owner)
        {
            CommandTimeout = 120,
        };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>One line per table with its count and a sum over its rows' texts, one per sequence, and one for the
    /// large objects.</summary>
    public static async Task<IReadOnlyList<string>> ContentsAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        var tables = await ListAsync(connection, """
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                AND n.nspname NOT LIKE 'pg\_%'
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            """, ct);
        var said = new List<string>();
        foreach (var table in tables)
        {
            said.AddRange(await ListAsync(connection,
                $"SELECT {Literal(table)} || ': ' || count(*) || ' rows, ' || coalesce(sum(hashtextextended(t::text, "
                + $"0)::numeric), 0) FROM ONLY {table} t", ct));
        }

        said.AddRange(await ListAsync(connection,
            """
            SELECT format('%I.%I: %s', schemaname, sequencename, last_value) FROM pg_sequences
            WHERE NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.objid = format('%I.%I', schemaname, sequencename)::regclass AND d.deptype = 'e')
            """, ct));
        said.AddRange(await ListAsync(connection,
            "SELECT 'large objects: ' || count(*) || ', ' || coalesce(sum(length(lo_get(oid))), 0) "
            + "FROM pg_largeobject_metadata", ct));
        said.Sort(StringComparer.Ordinal);
        return said;
    }

    private static string Literal(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"'{text.Replace("'", "''", StringComparison.Ordinal)}'");

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // Table names come from regclass, which quotes them.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<string>();
        while (await reader.ReadAsync(ct))
            found.Add(reader.GetString(0));
        return found;
    }
}
