using System.Text.RegularExpressions;
using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;

namespace Godwit.EndToEnd.Standby;

/// <summary>A source that is a standby. Below the minor releases of 2026-11-12 its sessions may not share a snapshot;
/// which of them this machine has is asked.</summary>
public sealed partial class StandbyTests(OtherServers servers)
{
    private const string Told = "standby.one_session";

    /// <summary>The primary goes on writing, and has a transaction open whose rows were replayed: sessions that share a
    /// snapshot wrongly would see them.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task A_dump_a_copy_and_a_comparison_are_equal_to_the_primary_at_the_same_place_of_its_log(int major)
    {
        await using var pair = await StandbyPair.StartAsync(major);
        await using var rig = await VerifyRig.CreateAsync(pair.Primary, await servers.OfMajorAsync(major),
            VerifyRig.Script);
        await using var open = await StandbyRun.OpenTransactionAsync(rig,
            "INSERT INTO log SELECT 'unseen', 'u' FROM generate_series(1, 20000)");
        await rig.AtSourceAsync("UPDATE tree SET parent = NULL WHERE id = 7; INSERT INTO log VALUES ('seen', 's')");
        await pair.PauseAsync();
        var then = await DatabaseContents.ReadAsync(pair.Primary, rig.Name, ZooServers.ClientMajor(major));
        await using var writer = StandbyWriter.Start(rig);
        var log = pair.LogLength;

        var dumped = (await StandbyRun.RunAsync(rig, pair, "dump", "--from", "env:SOURCE_URL",
            "--to", rig.NewFile("standby.dump"), "--json")).Expect(0);
        await PgProgram.RunAsync(ZooServers.ClientMajor(major), "pg_restore",
            ["--dbname", rig.Name, rig.NewFile("standby.dump")], rig.Target, rig.Name);
        AssertSame(then, await DatabaseContents.ReadAsync(rig.Target, rig.Name, ZooServers.ClientMajor(major)));

        await StandbyRun.EmptyTargetAsync(rig);
        var copied = (await StandbyRun.RunAsync(rig, pair, "copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL",
            "--json")).Expect(0);
        Assert.Equal(3, copied.Events[^1]["large_objects"]!.GetValue<int>());
        AssertSame(then, await DatabaseContents.ReadAsync(rig.Target, rig.Name, ZooServers.ClientMajor(major)));

        var verified = await StandbyRun.RunAsync(rig, pair, "verify", "--from", "env:SOURCE_URL",
            "--to", "env:TARGET_URL", "--level", "rows");
        verified.Expect(0).Says("roven");
        await rig.AtTargetAsync("UPDATE customers SET name = 'other' WHERE id = 42");
        (await StandbyRun.RunAsync(rig, pair, "verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"))
            .Expect(1).Says("customers");

        Assert.True(writer.Rows > 0, "the primary was not written to meanwhile");
        var said = await pair.LogSinceAsync(log);
        Assert.Equal(pair.SharesSnapshots, said.Contains("pg_export_snapshot", StringComparison.Ordinal));
        Assert.Equal(pair.SharesSnapshots,
            said.Contains("SET TRANSACTION SNAPSHOT", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(pair.SharesSnapshots, !dumped.Output.Contains(Told, StringComparison.Ordinal));
        Assert.Equal(pair.SharesSnapshots, !copied.Output.Contains(Told, StringComparison.Ordinal));
        Assert.Equal(pair.SharesSnapshots,
            !verified.Error.Contains("One session reads the source", StringComparison.Ordinal));
        var readers = Copies().Matches(said).Select(match => match.Groups["pid"].Value).Distinct().Count();
        // One for the dump and one for the copy.
        Assert.True(pair.SharesSnapshots ? readers > 2 : readers == 2, $"{readers} sessions read rows");
    }

    /// <summary>Without sequences: the log is up to 32 values ahead of a sequence, and so is a standby.</summary>
    internal static void AssertSame(DatabaseContents primary, DatabaseContents target)
    {
        Difference.None(Rows(primary), Rows(target));
        Difference.None([.. primary.Schema.Where(IsDefinition)], [.. target.Schema.Where(IsDefinition)]);
        static List<string> Rows(DatabaseContents contents) =>
            [.. contents.Data.Where(line => !line.Contains(", called: ", StringComparison.Ordinal))];
        static bool IsDefinition(string line) => !line.StartsWith("-- Dumped", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\[(?<pid>[0-9]+)\] LOG:  statement: COPY .* TO stdout",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Copies();
}
