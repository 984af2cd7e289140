using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Clean;

/// <summary>What Heroku would refuse is left out of the dump: its restore has nothing to say, and the list of it lies
/// beside the report.</summary>
public sealed class CleanJourneyTests(JourneyServers servers)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Made by the server's superuser, as a provider makes it.</summary>
    private const string Foreign = """
        DO $$ BEGIN
          CREATE ROLE clean_reader; CREATE ROLE clean_admin;
        EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        CREATE EXTENSION hstore; CREATE EXTENSION file_fdw;
        CREATE SERVER logs FOREIGN DATA WRAPPER file_fdw;
        CREATE FUNCTION public.told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER "Tell tale" ON ddl_command_end WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION public.told();
        COMMENT ON EVENT TRIGGER "Tell tale" IS 'of the provider';
        CREATE PUBLICATION everything FOR ALL TABLES;
        GRANT SELECT ON birds TO clean_reader;
        ALTER TABLE birds ENABLE ROW LEVEL SECURITY;
        CREATE POLICY readers ON birds TO clean_reader USING (id < 100);
        CREATE POLICY everybody ON birds USING (true);
        """;

    private static readonly string[] MapRole = ["--map-role", "clean_reader=CURRENT_USER"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Engines => ["godwit", "pg_dump"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task The_restore_ends_without_a_warning_and_what_was_left_out_is_listed(string engine)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.Source.ExecuteAsync(rig.Database, Foreign, Ct);

        var end = await rig.RunAsync([.. rig.Migrate, "--engine", engine, .. MapRole]);

        end.Expect(0);
        Assert.Equal(0, await WarningsAsync(rig));
        var path = Path.Combine(rig.RunFolders[0], "left-out.sql");
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        var list = await File.ReadAllTextAsync(path, Ct);
        foreach (var statement in new[]
        {
            """CREATE EXTENSION IF NOT EXISTS "file_fdw" """, """CREATE SERVER "logs" """,
            """CREATE EVENT TRIGGER "Tell tale" """,
            """COMMENT ON EVENT TRIGGER "Tell tale" """, """CREATE PUBLICATION "everything" """,
            """COMMENT ON EXTENSION "hstore" """,
            """GRANT SELECT ON TABLE "public"."birds" TO "clean_reader";""",
            """-- was: CREATE POLICY "readers" ON "public"."birds" TO "clean_reader" USING (("id" < 100));""",
            """-- is:  CREATE POLICY "readers" ON "public"."birds" TO CURRENT_USER USING (("id" < 100));""",
        })
        {
            Assert.Contains(statement, list, StringComparison.Ordinal);
        }

        end.Says(path).Says("1 extension was left out of the dump (file_fdw)")
            .Says("1 policy was rewritten in the dump (public.birds readers)");
        Assert.Contains("file_fdw", await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.html"), Ct),
            StringComparison.Ordinal);
        await rig.AssertProvenAsync();
        Assert.Equal(2,
            await rig.ScalarAtTargetAsync<long>("SELECT count(*) FROM pg_policies WHERE tablename = 'birds'"));
    }

    [Fact]
    public async Task With_no_clean_the_restore_warns_as_of_any_dump()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.Source.ExecuteAsync(rig.Database, Foreign, Ct);

        var end = await rig.RunAsync([.. rig.Migrate, "--no-clean", "--accept", "load.extensions_refused",
            "--accept", "assess.policy_role_lost"]);

        end.Expect(3).Says("load.restore_warnings");
        Assert.True(await WarningsAsync(rig) >= 4);
        Assert.False(File.Exists(Path.Combine(rig.RunFolders[0], "left-out.sql")));
    }

    /// <summary>Of the app's last restore.</summary>
    private static async Task<int> WarningsAsync(GodwitRig rig)
    {
        var app = (await rig.GetAsync($"/apps/{rig.App}"))["id"]!.GetValue<string>();
        var transfers = (await rig.GetAsync($"/client/v11/apps/{app}/transfers")).AsArray();
        return transfers.OfType<JsonNode>()
            .MaxBy(one => one["created_at"]!.GetValue<string>(), StringComparer.Ordinal)!["warnings"]!.GetValue<int>();
    }
}
