using System.Globalization;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Servers;

/// <summary>Nothing that a test run starts outlives the run.</summary>
public sealed class TestRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_of_a_run_that_is_killed_end_with_it_and_its_files_go()
    {
        var folder = TestRun.NewFolder();
        var runner = new ProcessRunner(TimeProvider.System);
        await using var run = runner.Start(new ProgramCall("/bin/sleep", ["600"]));
        await using var guard = TestRun.Guard(folder, run.Id);
        var options = new LocalClusterOptions { Folder = Path.Combine(folder, "pg"), Durable = false };
        var server = await LocalCluster.StartAsync(options, runner, TimeProvider.System, Ct);
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(folder, "pg", "data", "postmaster.pid"), Ct))[0];
        // This process does not work in the folder: only its environment shows that it belongs to the run.
        await using var other = runner.Start(new ProgramCall("/bin/sleep", ["600"])
        {
            Environment = new Dictionary<string, Secret?> { ["TMPDIR"] = new(folder) }, WorkingDirectory = "/",
        });

        run.Kill();
        await guard.WaitAsync(Ct);

        Assert.False(Lives(postmaster));
        Assert.False(Lives(other.Id.ToString(CultureInfo.InvariantCulture)));
        Assert.False(Directory.Exists(folder));
        Assert.NotNull(server);
    }

    // An ended process that was not reaped yet is still listed, in state Z.
    private static bool Lives(string pid)
    {
        var status = $"/proc/{pid}/stat";
        return File.Exists(status) && File.ReadAllText(status) is var text
            && !text[(text.LastIndexOf(')') + 1)..].TrimStart().StartsWith('Z');
    }
}
