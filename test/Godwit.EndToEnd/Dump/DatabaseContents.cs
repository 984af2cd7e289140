using Godwit.HerokuLocal;
using Npgsql;

namespace Godwit.EndToEnd.Dump;

/// <summary>Everything a database holds as comparable lines, read without Godwit's help: the schema as pg_dump words
/// it, a line per table with count and checksum, per sequence, per large object.</summary>
internal sealed record DatabaseContents(IReadOnlyList<string> Schema, IReadOnlyList<string> Data)
{
    // FROM ONLY: a parent's checksum is of its own rows. Foreign tables hold none of their own.
    private const string Tables = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
            AND (c.relkind = 'r' OR c.relispopulated)
        ORDER BY 1
        """;

    private const string Sequences = """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' ORDER BY 1
        """;

    // lomacl is read by role names, which are the same on every server of the zoo.
    private const string LargeObjects = """
        SELECT format('large object %s of %s, rights %s, "%s": %s', oid, pg_get_userbyid(lomowner), lomacl,
            obj_description(oid, 'pg_largeobject'), md5(lo_get(oid)))
        FROM pg_largeobject_metadata ORDER BY oid
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="clientMajor">The same for both sides of a comparison: each pg_dump words a schema in its own
    /// way.</param>
    public static async Task<DatabaseContents> ReadAsync(LocalCluster server, string database, int clientMajor)
    {
        // The key of \restrict is random unless given.
        var schema = await PgProgram.RunAsync(clientMajor, "pg_dump", ["--schema-only", "--restrict-key=zoo"],
            server, database);
        await using var connection = await PgProgram.OpenAsync(server, database);
        List<string> data = [];
        foreach (var table in await ListAsync(connection, Tables))
        {
            data.AddRange(await ListAsync(connection,
                $"SELECT {Literal(table)} || ': ' || count(*) || ' rows, ' || coalesce(md5(string_agg(md5(t::text), '' "
                + $"ORDER BY md5(t::text))), 'none') FROM ONLY {table} t"));
        }

        foreach (var sequence in await ListAsync(connection, Sequences))
            data.AddRange(await ListAsync(connection,
                $"SELECT format('%s: %s, called: %s', {Literal(sequence)}, last_value, is_called) FROM {sequence}"));
        data.AddRange(await ListAsync(connection, LargeObjects));
        // Which server it was is the one thing that may differ between a source on 16 and a target on 17.
        return new([.. schema.Split('\n')
            .Where(line => !line.StartsWith("-- Dumped from database version", StringComparison.Ordinal))], data);
    }

    public void AssertSame(DatabaseContents other)
    {
        Difference.None(Data, other.Data);
        Difference.None(Schema, other.Schema);
    }

    private static string Literal(string text) =>
        $"E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Names come from format's %I, which quotes them.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Ct);
        List<string> found = [];
        while (await reader.ReadAsync(Ct))
            found.Add(reader.GetString(0));
        return found;
    }
}

internal static class Difference
{
    private const int ShownMax = 12;
    private const int LineMax = 300;

    /// <summary>Fails with the first lines that only one side has.</summary>
    public static void None(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var first = Enumerable.Range(0, Math.Max(expected.Count, actual.Count))
            .FirstOrDefault(n => Line(expected, n) != Line(actual, n), -1);
        if (first < 0)
            return;
        var missing = expected.Except(actual).Take(ShownMax).Select(line => "- " + Cut(line));
        var surplus = actual.Except(expected).Take(ShownMax).Select(line => "+ " + Cut(line));
        Assert.Fail($"Line {first + 1} of {expected.Count} differs (the other side has {actual.Count}):\n"
            + $"expected {Cut(Line(expected, first) ?? "nothing")}\n     got {Cut(Line(actual, first) ?? "nothing")}\n"
            + $"{string.Join('\n', missing.Concat(surplus))}");
    }

    private static string? Line(IReadOnlyList<string> lines, int number) => number < lines.Count ? lines[number] : null;

    private static string Cut(string line) => line.Length <= LineMax ? line : line[..LineMax] + "…";
}
