using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>A state folder that cannot be read or written is reported as that. It is no defect, and never an empty list
/// of runs.</summary>
public sealed class StateFolderTests(JourneyServers servers) : IAsyncDisposable
{
    /// <summary>A user other than root, whom no permission stops. A test that does not run as root is one
    /// already.</summary>
    private const string OrdinaryUser = "postgres";

    private const UnixFileMode Nobody = UnixFileMode.None;
    private const UnixFileMode Everybody = (UnixFileMode)0b111_101_101;

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-state-").FullName;
    private string? _mounted;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_mounted is not null)
            await RunAsync("umount", _mounted);
        foreach (var closed in Directory.EnumerateDirectories(_folder))
            File.SetUnixFileMode(closed, Everybody);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status", "20260101-000000-zzzz")]
    [InlineData("status", "--follow")]
    [InlineData("resume")]
    [InlineData("rollback")]
    [InlineData("cleanup")]
    public async Task A_folder_without_rights_is_not_called_empty(params string[] command)
    {
        var home = MakeRun();
        File.SetUnixFileMode(home, Nobody);

        var shown = await FaultOfAsync(1, command, home);

        Assert.Equal("journal.unreadable", shown.Code);
        Assert.Contains(home, shown.What, StringComparison.Ordinal);
        Assert.Contains("sudo chown", shown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_run_of_another_user_is_not_left_out()
    {
        var home = MakeRun();
        File.SetUnixFileMode(home, Everybody);
        File.SetUnixFileMode(Path.Combine(home, "runs"), Everybody);
        var run = Directory.GetDirectories(Path.Combine(home, "runs")).Single();
        File.SetUnixFileMode(run, Nobody);

        Assert.Equal("journal.unreadable", (await FaultOfAsync(1, ["status"], home)).Code);

        File.SetUnixFileMode(run, Everybody);
    }

    [Fact]
    public async Task Without_a_home_nothing_is_kept_in_a_temporary_folder()
    {
        var shown = await FaultOfAsync(1, ["status"], home: null);

        Assert.Equal("journal.no_home", shown.Code);
        Assert.Contains("GODWIT_HOME", shown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_Heroku_says_what_is_wrong_with_its_folder() =>
        Assert.Equal("heroku_local.folder_unusable",
            (await FaultOfAsync(1, ["heroku-local", "--data", "/proc/godwit/heroku"], MakeRun())).Code);

    [Fact]
    public async Task A_temporary_folder_that_cannot_be_made_is_told()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["TMPDIR"] = new("/proc/none");

        var shown = FaultShown.Read((await rig.RunAsync("rehearse", "--from", "env:SOURCE_URL",
            "--to", $"heroku:{rig.App}")).Expect(1));

        Assert.Equal("cli.temporary_folder", shown.Code);
        Assert.Contains("TMPDIR", shown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_does_not_begin_on_a_full_disk()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var home = await MountAsync();
        Fill(home);
        rig.Home = home;

        var shown = FaultShown.Read((await rig.RunAsync(rig.Migrate)).Expect(1));

        Assert.Equal("journal.disk_full", shown.Code);
        Assert.Contains("df -h", shown.Next, StringComparison.Ordinal);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task A_line_that_did_not_fit_spoils_no_other()
    {
        var home = await MountAsync();
        var folder = new RunFolder(home);
        string runId;
        using (var journal = folder.Create(TimeProvider.System))
        {
            runId = journal.RunId;
            journal.Append(new RunStarted(TimeProvider.System.GetUtcNow(), runId, "1.0",
                new() { From = "a", To = "b", Store = new() { Via = "c" } }));
            journal.Remember("first", new('x', 5000));
            Fill(home);

            var full = Assert.Throws<FaultException>(() => journal.Remember("second", new('y', 50_000))).Fault;
            Assert.Equal("journal.disk_full", full.Code);
            journal.IsUndoing = true;
            journal.Remember("third", new('z', 50_000));
            Assert.True(journal.HasLost);

            File.Delete(Path.Combine(home, "fill"));
            journal.Remember("fourth", "four");
        }

        var memory = folder.Tell(runId).Memory;
        Assert.Equal(["first", "fourth"], memory.Keys.Order());
    }

    [Fact]
    public async Task A_checkout_of_another_user_says_who_builds_it()
    {
        var checkout = MakeCheckout();
        File.SetUnixFileMode(_folder, Everybody);
        File.SetUnixFileMode(checkout, Everybody & ~UnixFileMode.UserWrite);

        var (code, error) = await RunAsOrdinaryAsync(Path.Combine(checkout, "godwit"), ["--version"], []);

        Assert.True(code == 2, error);
        Assert.Contains($"may not write into {checkout}", error, StringComparison.Ordinal);
        Assert.Contains($"{checkout}/godwit --version", error, StringComparison.Ordinal);
        Assert.DoesNotContain("mkdir", error, StringComparison.Ordinal);
    }

    /// <summary>A stand-in for the program prints what the script passes to it.</summary>
    [Theory]
    [InlineData("cd \"$CHECKOUT\" && ./godwit --version", false, "./godwit")]
    [InlineData("\"$CHECKOUT/godwit\" --version", false, "{checkout}/godwit")]
    [InlineData("godwit --version", true, "nothing")]
    public async Task The_script_says_how_it_was_typed(string line, bool isOnPath, string expected)
    {
        var checkout = MakeCheckout();
        var bin = Directory.CreateDirectory(Path.Combine(checkout, "bin")).FullName;
        var program = Path.Combine(bin, "dotnet");
        if (isOnPath)
            File.CreateSymbolicLink(Path.Combine(bin, "godwit"), Path.Combine(checkout, "godwit"));
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho \"as ${GODWIT_CALLED_AS:-nothing}.\" >&2\n", Ct);
        File.SetUnixFileMode(program, Everybody);
        foreach (var built in
            new[] { Path.Combine(checkout, ".build/app/Godwit.App.dll"), Path.Combine(checkout, ".build/app.stamp") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(built)!);
            await File.WriteAllTextAsync(built, "", Ct);
        }

        var (code, error) = await RunAsOrdinaryAsync("/bin/bash", ["-c", $"PATH=\"$CHECKOUT/bin:$PATH\"; {line}"],
            new() { ["CHECKOUT"] = new(checkout) });

        Assert.True(code == 0, error);
        Assert.Contains($"as {expected.Replace("{checkout}", checkout, StringComparison.Ordinal)}.", error,
            StringComparison.Ordinal);
    }

    /// <summary>A checkout with the files that <c>./godwit</c> reads before it builds anything.</summary>
    private string MakeCheckout()
    {
        File.SetUnixFileMode(_folder, Everybody);
        var checkout = Directory.CreateDirectory(Path.Combine(_folder, "checkout")).FullName;
        var root = OtherServers.RepositoryRoot();
        var setup = Directory.GetFiles(Path.Combine(root, "setup"), "*.sh")
            .Select(file => Path.GetRelativePath(root, file));
        foreach (var file in (string[])["godwit", "global.json", .. setup])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(checkout, file))!);
            File.Copy(Path.Combine(root, file), Path.Combine(checkout, file));
        }

        Directory.CreateDirectory(Path.Combine(checkout, "src", "Godwit.App"));
        return checkout;
    }

    private string MakeRun()
    {
        File.SetUnixFileMode(_folder, Everybody);
        var home = Path.Combine(_folder, "home");
        using var journal = new RunFolder(home).Create(TimeProvider.System);
        journal.Append(new RunStarted(TimeProvider.System.GetUtcNow(), journal.RunId, "1.0",
            new() { From = "a", To = "b", Store = new() { Via = "c" } }));
        return home;
    }

    private static async Task<FaultShown> FaultOfAsync(int expected, string[] command, string? home)
    {
        var variables = new Dictionary<string, Secret?>
        {
            ["GODWIT_HOME"] = home is null ? null : new(home), ["HOME"] = null, ["XDG_STATE_HOME"] = null,
        };
        var (code, error) = await RunAsOrdinaryAsync("dotnet", [GodwitProgram.Dll, .. command], variables);
        Assert.True(code == expected, error);
        return FaultShown.Read(new(code, "", error));
    }

    private static async Task<(int Code, string Error)> RunAsOrdinaryAsync(
        string program, IReadOnlyList<string> arguments, Dictionary<string, Secret?> variables)
    {
        // Standard error goes to standard output, which is not masked: the folder is a variable, and would be masked.
        // runuser sets HOME.
        string[] shell = ["-c", "unset HOME; exec \"$@\" 2>&1 > /dev/null", "sh", program, .. arguments];
        await using var process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("/bin/sh", shell)
        {
            AsUser = OrdinaryUser,
            Environment = new Dictionary<string, Secret?>(variables) { ["DOTNET_EnableDiagnostics"] = new("0") },
        });
        using var reader = new StreamReader(process.Output);
        var error = await reader.ReadToEndAsync(Ct);
        return (await process.WaitAsync(Ct), error);
    }

    /// <summary>A separate small disk: the machine's disk must not be filled.</summary>
    private async Task<string> MountAsync()
    {
        var home = Directory.CreateDirectory(Path.Combine(_folder, "small")).FullName;
        Assert.SkipUnless(
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", home) == 0,
            "This user may not mount a small disk here (root may, outside of most containers).");
        return _mounted = home;
    }

    private static void Fill(string home)
    {
        using var file = new FileStream(Path.Combine(home, "fill"), FileMode.Create, FileAccess.Write,
            FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // The disk is full now.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        await using var process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall(program, arguments));
        return await process.WaitAsync(CancellationToken.None);
    }
}
