using Godwit.EndToEnd.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>To the roles of old applications a backslash in a literal is an escape (<c>standard_conforming_strings</c>
/// is off), and pg_dump writes for them accordingly.</summary>
public sealed class OldTextsTests(OtherServers servers)
{
    private const string Script = """
        CREATE TYPE mood AS ENUM ('so\so', 'ok');
        CREATE TABLE paths (id int PRIMARY KEY, path text DEFAULT 'C:\it''s\', mood mood,
            CHECK (path ~ '^[A-Z]:[\w\\'']+$'));
        COMMENT ON TABLE paths IS 'back\slash, and a \'' quote';
        CREATE INDEX here ON paths (id) WHERE path <> '\';
        CREATE VIEW roots AS SELECT id, 'C:\' || id AS root FROM paths;
        CREATE FUNCTION apart() RETURNS text LANGUAGE sql AS $$ SELECT chr(92) || '/' $$;
        DO $do$ BEGIN EXECUTE $sql$CREATE FUNCTION atomic() RETURNS text LANGUAGE sql
            BEGIN ATOMIC SELECT '\n' AS said; END$sql$; END $do$;
        INSERT INTO paths VALUES (1, DEFAULT, 'so\so'), (2, 'D:\tmp\new', 'ok');
        """;

    [Fact]
    public async Task A_copy_keeps_every_backslash()
    {
        await using var rig = await RigAsync();

        (await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"])).Expect(0);

        await AssertSameAsync(rig);
    }

    /// <summary>What is done is known by its definition.</summary>
    [Fact]
    public async Task A_copy_that_goes_on_knows_what_is_there()
    {
        await using var rig = await RigAsync();
        await rig.AtSourceAsync("CREATE TABLE nests (path int REFERENCES paths)");
        await rig.AtSourceAsync("SET session_replication_role = replica; INSERT INTO nests VALUES (3)", asOwner: false);
        var command = new[] { "copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL" };
        (await rig.RunAsync([.. command])).Expect(4).Says("copy.orphans");
        await rig.AtSourceAsync("DELETE FROM nests");
        await rig.AtTargetAsync("DELETE FROM nests");

        (await rig.RunAsync([.. command, "--resume", "--frozen"])).Expect(0);

        await AssertSameAsync(rig);
    }

    [Fact]
    public async Task A_restore_keeps_every_backslash()
    {
        await using var rig = await RigAsync();
        var archive = rig.NewFile("old.dump");
        (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", archive])).Expect(0);

        (await rig.RunAsync(["restore", archive, "--to", "env:TARGET_URL"])).Expect(0);

        await AssertSameAsync(rig);
    }

    [Fact]
    public async Task An_assessment_reads_its_own_statements_as_they_are_meant()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.notes (t text PRIMARY KEY); "
            + $"ALTER ROLE {rig.Name} SET standard_conforming_strings = off");

        await rig.FindsNoAsync("assess.unchecked");
    }

    private async Task<VerifyRig> RigAsync()
    {
        var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Script);
        await rig.AtSourceAsync($"ALTER ROLE {rig.Name} SET standard_conforming_strings = off");
        return rig;
    }

    private static async Task AssertSameAsync(VerifyRig rig)
    {
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
        Assert.Equal(@"C:\it's\ back\slash, and a \' quote \n",
            await rig.AskTargetAsync<string>("SELECT concat_ws(' ', (SELECT path FROM paths "
                + "WHERE id = 1), obj_description('paths'::regclass), atomic())"));
    }
}
