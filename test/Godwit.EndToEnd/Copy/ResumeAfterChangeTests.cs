using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;

namespace Godwit.EndToEnd.Copy;

/// <summary>Something was changed at the source between two attempts. Only what matters for rows already brought stands
/// in the way.</summary>
public sealed class ResumeAfterChangeTests(OtherServers servers)
{
    private const string Script = """
        CREATE TABLE open (id int PRIMARY KEY, said text);
        INSERT INTO open SELECT i, 'n' || i FROM generate_series(1, 500) i;
        CREATE TABLE shut (id int PRIMARY KEY, said text);
        INSERT INTO shut SELECT i, 'n' || i FROM generate_series(1, 300) i;
        ALTER TABLE shut ENABLE ROW LEVEL SECURITY; ALTER TABLE shut FORCE ROW LEVEL SECURITY;
        CREATE POLICY few ON shut USING (id < 10);
        SELECT lo_from_bytea(7101, '\x0102'); SELECT lo_from_bytea(7102, ''); SELECT lo_from_bytea(7103, '\x03');
        """;

    private static readonly string[] Copy = ["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"];

    /// <summary>Other tests write to other databases of these servers.</summary>
    private static readonly string[] Resume = [.. Copy, "--resume", "--frozen"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_lifts_row_security_so_that_the_rows_can_be_read_goes_on()
    {
        await using var rig = await RigAsync();
        (await rig.RunAsync(Copy)).Expect(4).Says("row-level security");
        await rig.AtSourceAsync("ALTER TABLE shut NO FORCE ROW LEVEL SECURITY; CREATE INDEX shut_said ON shut (said); "
            + "COMMENT ON TABLE open IS 'new'");

        (await rig.RunAsync(Resume)).Expect(0);

        Assert.Equal((500L, 300L), (await CountAsync(rig, "open"), await CountAsync(rig, "shut")));
        // As it was when the copy began.
        Assert.True(await rig.Target.ScalarAsync<bool>(rig.Name,
            "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'shut'::regclass", Ct));
        Assert.True(await rig.AskTargetAsync<bool>("SELECT to_regclass('shut_said') IS NOT NULL"));
        Assert.Equal("new", await rig.AskTargetAsync<string>("SELECT obj_description('open'::regclass)"));
    }

    [Fact]
    public async Task A_table_that_was_changed_is_refused()
    {
        await using var rig = await RigAsync();
        (await rig.RunAsync(Copy)).Expect(4);
        await rig.AtSourceAsync("ALTER TABLE shut NO FORCE ROW LEVEL SECURITY; ALTER TABLE open ADD more int");

        Assert.Equal("copy.definitions_changed", FaultShown.Read((await rig.RunAsync(Resume)).Expect(1)).Code);
    }

    /// <summary>The index fails when everything else has long been there.</summary>
    [Fact]
    public async Task Large_objects_of_an_earlier_attempt_are_not_counted_again()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), """
                CREATE TABLE one (id int PRIMARY KEY); INSERT INTO one VALUES (1);
                CREATE FUNCTION slow(id int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
                    IF current_setting('server_version_num')::int >= 170000
                        AND coalesce(current_setting('my.ok', true), '') <> 'on' THEN
                        PERFORM pg_sleep(4); RAISE EXCEPTION 'not yet';
                    END IF; RETURN id; END $$;
                CREATE INDEX slow_idx ON one (slow(id));
                SELECT lo_from_bytea(7101, '\x0102'); SELECT lo_from_bytea(7102, '');
                SELECT lo_from_bytea(7103, '\x03');
                """);
        (await rig.RunAsync(Copy)).Expect(4).Says("not yet");
        Assert.True(await rig.AskTargetAsync<bool>("SELECT has_all_rows FROM godwit_copy.copy"));
        await rig.AtTargetAsync($"ALTER ROLE {rig.Name} SET my.ok = 'on'", asOwner: false);

        var end = (await rig.RunAsync(Resume)).Expect(0);

        Assert.DoesNotContain("large object", end.Output, StringComparison.Ordinal);
        Assert.Equal(3L, await rig.AskTargetAsync<long>("SELECT count(*) FROM pg_largeobject_metadata"));
    }

    private async Task<VerifyRig> RigAsync() =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Script);

    private static Task<long> CountAsync(VerifyRig rig, string table) =>
        rig.Target.ScalarAsync<long>(rig.Name, $"SELECT count(*) FROM {table}", Ct);
}
