using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;
using Npgsql;

namespace Godwit.EndToEnd.Copy;

/// <summary>The lock that keeps others out of a target is looked after all the while.</summary>
public sealed class TargetHoldTests(OtherServers servers)
{
    private const string Large = """
        CREATE TABLE wide (id bigint PRIMARY KEY, said text NOT NULL);
        INSERT INTO wide SELECT i, repeat(md5(i::text), 8) FROM generate_series(1, 150000) i;
        """;

    private const string Held = """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>That of Godwit's lock on a database.</summary>
    private const long LockNumber = 0x676F64776974;

    private static readonly string End = Held.Replace("count(*)", "count(pg_terminate_backend(pid))",
        StringComparison.Ordinal);

    [Fact]
    public async Task A_lock_whose_session_was_ended_is_taken_again()
    {
        await using var rig = await RigAsync();
        var copy = await StartAsync(rig);

        await rig.AskTargetAsync<long>(End);
        await LocalHeroku.UntilAsync(async () => await rig.AskTargetAsync<long>(Held) == 1);
        (await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"]))
            .Expect(1).Says("copy.target_busy");

        (await copy.EndAsync()).Expect(0);
        (await rig.VerifyAsync()).Expect(0);
    }

    [Fact]
    public async Task A_copy_ends_when_somebody_else_has_got_its_target()
    {
        await using var rig = await RigAsync();
        await using var other = await rig.Target.OpenAsync(rig.Name, TestContext.Current.CancellationToken);
        var copy = await StartAsync(rig);

        await rig.AskTargetAsync<long>(End);
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({LockNumber})", other))
            await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal("copy.hold_lost", FaultShown.Read((await copy.EndAsync()).Expect(4)).Code);
    }

    private async Task<VerifyRig> RigAsync() =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), Large);

    /// <summary>At this rate it takes some twenty seconds.</summary>
    private static async Task<GodwitProcess> StartAsync(VerifyRig rig)
    {
        var copy = rig.Start(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--json",
            "--max-rate", "2MB"]);
        await copy.LineAsync(line => line.Contains("bytes_moved", StringComparison.Ordinal));
        return copy;
    }
}
