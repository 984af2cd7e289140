using System.Text.RegularExpressions;
using Godwit.EndToEnd.Verify;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>A defect leaves a report that can be sent. It has all that is needed to find the defect, and no secret.
/// When a rig ends, it searches all files and output for secrets.</summary>
public sealed partial class ProblemReportTests(OtherServers servers, JourneyServers journeys)
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, "copy.unexpected", "SOURCE_URL", "CREATE SCHEMA godwit_copy", "copy", "--from", "env:SOURCE_URL",
        "--to", "env:TARGET_URL")]
    [InlineData(3, "dump.unexpected", "SOURCE_URL", "lo_get", "dump", "--from", "env:SOURCE_URL",
        "--to", "{folder}/shop.dump")]
    [InlineData(4, "cli.unexpected", "TARGET_URL", "pg_largeobject", "verify", "--from", "env:SOURCE_URL",
        "--to", "env:TARGET_URL")]
    public async Task A_defect_leaves_a_report_that_can_be_sent(
        int exit, string code, string secret, string at, params string[] command)
    {
        await using var rig = await RigAsync();

        var arguments = command.Select(word => word.Replace("{folder}", rig.Folder, StringComparison.Ordinal)).ToList();
        var end = (await rig.Start(arguments, Defect(at, secret)).EndAsync()).Expect(exit);

        end.Says($"  code: {code}\n").Says("why: NotSupportedException: nobody foresaw this, with '***' in it");
        var path = Assert.Single(Directory.EnumerateFiles(Path.Combine(rig.Folder, "home", "problems")));
        Assert.Equal(OwnerReadsAndWrites, File.GetUnixFileMode(path));
        Assert.Equal(OwnerReadsAndWrites | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Contains($"godwit report-problem {Path.GetFileNameWithoutExtension(path)}", end.Error,
            StringComparison.Ordinal);
        var said = (await rig.Start(["report-problem"]).EndAsync()).Expect(0).Output;
        Assert.Equal(await File.ReadAllTextAsync(path, Ct), said);
        Assert.Contains($"Command   godwit {command[0]} --from env:SOURCE_URL --to ", said, StringComparison.Ordinal);
        Assert.Contains("  System.NotSupportedException: nobody foresaw this, with '***' in it", said,
            StringComparison.Ordinal);
        Assert.Matches(@"\n      at Godwit\.[\w.]+.*\.cs:line \d+", said);
        Assert.Contains($"{rig.Name}@{Host(rig.Addresses.Source)}: PostgreSQL 15.", said, StringComparison.Ordinal);
        if (code != "dump.unexpected")
            Assert.Contains($"{rig.Name}@{Host(rig.Addresses.Target)}: PostgreSQL 17.", said, StringComparison.Ordinal);
        Assert.Matches(code == "cli.unexpected"
            ? "Before that, oldest first\n  " : "Before that, oldest first\n  \\{\"event\":\"step_started\"", said);
    }

    [Fact]
    public async Task A_defect_in_a_step_of_a_run_leaves_one_too_and_the_run_is_undone()
    {
        await using var rig = await GodwitRig.CreateAsync(journeys);
        foreach (var (variable, value) in Defect("lo_get", "SOURCE_URL"))
            rig.Environment[variable] = value;

        var end = (await rig.RunAsync(rig.Migrate)).Expect(3);

        rig.Environment.Remove("DOTNET_STARTUP_HOOKS");
        end.Says("  code: run.unexpected\n");
        var name = Named().Match(end.Error).Groups[1].Value;
        Assert.Contains(name, await File.ReadAllTextAsync(Path.Combine(rig.Home, "runs", rig.RunId, "journal.jsonl"),
            Ct), StringComparison.Ordinal);
        Assert.StartsWith(name + "  ", (await rig.RunAsync("report-problem", "--list")).Expect(0).Output,
            StringComparison.Ordinal);
        var said = (await rig.RunAsync("report-problem", name)).Expect(0).Output;
        Assert.Contains($"  run {rig.RunId}\n", said, StringComparison.Ordinal);
        Assert.Contains("\"step\":\"dump\"", said, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(rig.Folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(GodwitRig.SecretMark, await File.ReadAllTextAsync(file, Ct),
                StringComparison.Ordinal);
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything + said, StringComparison.Ordinal);
        await rig.AssertEverythingIsAsBeforeAsync();
    }

    [Fact]
    public async Task Without_a_state_folder_it_goes_into_a_temporary_one_and_without_that_into_what_is_said()
    {
        await using var rig = await RigAsync();
        var file = rig.NewFile("no-folder");
        await File.WriteAllTextAsync(file, "", Ct);
        var temporary = rig.NewFile("tmp");
        Directory.CreateDirectory(temporary);
        var defect = new Dictionary<string, Secret?>(Defect("pg_largeobject", "SOURCE_URL"))
        {
            ["GODWIT_HOME"] = new(file), ["TMPDIR"] = new(temporary),
        };
        string[] verify = ["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"];

        var end = (await rig.Start(verify, defect).EndAsync()).Expect(4);
        var path = Assert.Single(Directory.EnumerateFiles(temporary, "*.txt", SearchOption.AllDirectories));

        end.Says("  code: cli.unexpected\n");
        Assert.Contains($"godwit report-problem {path}", end.Error, StringComparison.Ordinal);
        Assert.Equal(OwnerReadsAndWrites, File.GetUnixFileMode(path));
        Assert.Equal(OwnerReadsAndWrites | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(await File.ReadAllTextAsync(path, Ct),
            (await rig.Start(["report-problem", path]).EndAsync()).Expect(0).Output);

        defect["TMPDIR"] = new(file);
        end = (await rig.Start(verify, defect).EndAsync()).Expect(4);
        Assert.Contains("System.NotSupportedException: nobody foresaw this, with '***' in it", end.Error,
            StringComparison.Ordinal);
        Assert.Contains("code: cli.unexpected", end.Error, StringComparison.Ordinal);
    }

    private async Task<VerifyRig> RigAsync() =>
        await VerifyRig.CreateAsync(await servers.OfMajorAsync(15), await servers.OfMajorAsync(17), VerifyRig.Script);

    /// <param name="at">A text in the statement that must fail.</param>
    /// <param name="secret">The variable whose value the message contains.</param>
    private static Dictionary<string, Secret?> Defect(string at, string secret) => new()
    {
        ["DOTNET_STARTUP_HOOKS"] = new(typeof(StartupHook).Assembly.Location),
        [StartupHook.AtVariable] = new(at),
        [StartupHook.QuotedVariable] = new(secret),
    };

    private static string Host(PostgresAddress address) => $"{address}"[(address.User.Length + 1)..];

    [GeneratedRegex(@"godwit report-problem (\S+)")]
    private static partial Regex Named();
}
