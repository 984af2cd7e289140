using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Copy;

/// <summary>Each major reserves words of its own. A table, a column, a type or a function of such a name is brought to
/// a server that reserves it by every route.</summary>
public sealed class ReservedWordsTests(OtherServers servers)
{
    /// <summary>PostgreSQL 18 is a target only: the project has no pg_dump that reads it.</summary>
    public static TheoryData<int, int> Majors => [(13, 17), (15, 17), (15, 18), (16, 18)];

    public static TheoryData<string> Engines => ["godwit", "pg_dump"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_copy_arrives_and_is_proven(int from, int to)
    {
        await using var rig = await RigAsync(from, to);

        (await CopyAsync(rig)).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Fact]
    public async Task Rows_alone_arrive_in_tables_that_are_there()
    {
        await using var rig = await RigAsync(15, 17);
        (await CopyAsync(rig, "--schema-only")).Expect(0);

        (await CopyAsync(rig, "--data-only")).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_dump_is_restored_by_Godwit_and_by_the_pg_restore_of_a_newer_major(string engine)
    {
        await using var rig = await RigAsync(15, 17);
        var archive = rig.NewFile("words.dump");
        (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", archive, "--engine", engine])).Expect(0);
        var stock = rig.Name + "_stock";
        await rig.Target.ExecuteAsync("postgres", $"CREATE DATABASE {stock} TEMPLATE template0", Ct);

        await PgProgram.RunAsync(17, "pg_restore", [$"--dbname={stock}", "--no-owner", archive], rig.Target, stock);
        (await rig.RunAsync(["restore", archive, "--to", "env:TARGET_URL"])).Expect(0);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        await rig.Target.ExecuteAsync("postgres", $"DROP DATABASE {stock} WITH (FORCE)", Ct);
    }

    /// <summary>What is missing at the target is inserted there by a script that its server understands.</summary>
    [Fact]
    public async Task Rows_and_sequences_that_differ_are_repaired()
    {
        await using var rig = await RigAsync(15, 17);
        (await CopyAsync(rig)).Expect(0);
        await rig.AtTargetAsync("""
            DELETE FROM "user".of_system_user; DELETE FROM "system_user"; UPDATE "json_array" SET at = NULL;
            UPDATE words SET "merge_action" = 5;
            ALTER SEQUENCE numbers."system_user" RESTART
            """);
        var script = rig.NewFile("repair.sql");
        (await rig.VerifyAsync("--repair-sql", script)).Expect(1).Says("public.system_user");

        await PgProgram.RunAsync(17, "psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1",
            "--output=/dev/null", $"--file={script}"], rig.Target, rig.Name);

        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }

    private async Task<VerifyRig> RigAsync(int from, int to)
    {
        var (source, target) = (await servers.OfMajorAsync(from), await servers.OfMajorAsync(to));
        var (here, there) = (await WordsAsync(source), await WordsAsync(target));
        return await VerifyRig.CreateAsync(source, target,
            Script(here.Union(there), here.Except(there).Union(there.Except(here))));
    }

    /// <summary>By a pg_dump 17 where this machine's own cannot read the source.</summary>
    private static Task<GodwitEnd> CopyAsync(VerifyRig rig, params string[] more) => rig.RunAsync(
        ["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more],
        new Dictionary<string, Secret?> { ["GODWIT_PG_BIN_17"] = new(OtherServers.ClientFolder(17)) });

    /// <summary>Words that cannot be used everywhere without quotes.</summary>
    private static async Task<IReadOnlyList<string>> WordsAsync(LocalCluster server)
    {
        await using var session =
            await PostgresSession.OpenAsync(PostgresUrl.Parse(server.SuperUrl("postgres").Reveal(), "The server"), Ct);
        return await session.RowsAsync("SELECT word FROM pg_catalog.pg_get_keywords() WHERE catcode <> 'U'",
            row => row.GetString(0), Ct);
    }

    /// <param name="all">A table has a column of each.</param>
    /// <param name="others">There is a table of each; as a rule one of the two servers alone reserves it.</param>
    private static string Script(IEnumerable<string> all, IEnumerable<string> others)
    {
        string[] some = ["\"system_user\"", "\"json_array\"", "\"merge_action\"", "\"user\""];
        string[] words = [.. all.Select(word => $"\"{word}\"").Union(some).Order(StringComparer.Ordinal)];
        return $"""
            CREATE SCHEMA numbers; CREATE SCHEMA types; CREATE SCHEMA "user"; CREATE SCHEMA views; CREATE SCHEMA called;
            CREATE TABLE words ({string.Join(", ", words.Select(word => $"{word} int DEFAULT 1"))},
                PRIMARY KEY ("user", "system_user"));
            INSERT INTO words ("user") SELECT i FROM generate_series(1, 100) i;
            CREATE VIEW views.words AS SELECT {string.Join(", ", words)} FROM words WHERE "system_user" > 0;
            CREATE INDEX words_all ON words (("system_user" + "json_array"), "user") INCLUDE ("merge_action")
                WHERE "json_scalar" IS NOT NULL;
            CREATE STATISTICS "with" ON "system_user", "json_array" FROM words;
            ALTER TABLE words ADD CONSTRAINT "check" CHECK ("system_user" > 0 AND "merge_action" <> 7);
            {string.Concat(others.Select(word => $"\"{word}\"").Union(some).Select(word => $"""
                CREATE TABLE {word} ({word} int PRIMARY KEY, at timestamptz DEFAULT '2026-01-01 00:00+00',
                    CHECK ({word} > 0));
                INSERT INTO {word} SELECT i FROM generate_series(1, 3) i;

                """))}
            {string.Concat(some.Select(word => $"""
                CREATE SEQUENCE numbers.{word}; SELECT setval('numbers.{word}', 70);
                CREATE TYPE types.{word} AS ENUM ('a', 'b');
                CREATE DOMAIN "user".{word} AS int CHECK (VALUE > 0);
                CREATE TABLE "user".of_{word.Trim('"')} (id int PRIMARY KEY REFERENCES {word}, t types.{word},
                    d "user".{word}, n int DEFAULT nextval('numbers.{word}'));
                INSERT INTO "user".of_{word.Trim('"')} VALUES (1, 'a', 1), (2, 'b', 2);
                CREATE MATERIALIZED VIEW views.{word} AS SELECT {word}.{word}, o.t
                    FROM {word} JOIN "user".of_{word.Trim('"')} o ON o.id = {word}.{word};
                CREATE FUNCTION called.{word}({word} int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
                CREATE INDEX ON {word} (called.{word}({word}));
                CREATE RULE {word} AS ON UPDATE TO "user".of_{word.Trim('"')} WHERE OLD.id > 5
                    DO ALSO UPDATE {word} SET {word} = 1 WHERE {word}.{word} > 7;
                CREATE FUNCTION called.{word}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TRIGGER {word} BEFORE UPDATE OF {word} ON {word}
                    FOR EACH ROW WHEN (OLD.{word} > 3) EXECUTE FUNCTION called.{word}();
                ALTER TABLE {word} ENABLE ROW LEVEL SECURITY; CREATE POLICY {word} ON {word} USING ({word} > 0);
                COMMENT ON COLUMN {word}.{word} IS 'reserved';

                """))}
            CREATE TABLE "user"."analyze" ("system_user" int, "json_array" text) PARTITION BY LIST ("system_user");
            CREATE TABLE "user"."analyse" PARTITION OF "user"."analyze" FOR VALUES IN (1);
            INSERT INTO "user"."analyze" VALUES (1, 'a');
            """;
    }
}
