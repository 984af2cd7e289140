using System.Diagnostics;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>Godwit in its own terminal, as in a window or an SSH session: keys, output and closing.</summary>
public sealed class PseudoTerminal : IAsyncDisposable
{
    /// <summary>A journey takes seconds, or some ten on a loaded machine. After this time it hangs.</summary>
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly IRunningProcess _script;
    private readonly string _screen;
    private readonly FileStream _keys;

    private PseudoTerminal(IRunningProcess script, string screen, FileStream keys) =>
        (_script, _screen, _keys) = (script, screen, keys);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="command">A shell command, in which <c>godwit</c> is the real binary.</param>
    /// <param name="term">TERM: xterm for a screen that is redrawn, dumb for one that is not.</param>
    public static async Task<PseudoTerminal> OpenAsync(GodwitRig rig, string command, string term = "xterm")
    {
        var folder = Path.Combine(rig.Folder, "terminal-" + Guid.CreateVersion7().ToString("N"));
        Directory.CreateDirectory(folder);
        var (keys, screen) = (Path.Combine(folder, "keys"), Path.Combine(folder, "screen"));
        await using (var make = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("mkfifo", [keys])))
            Assert.Equal(0, await make.WaitAsync(Ct));
        var environment = new Dictionary<string, Secret?>(rig.Environment)
        {
            ["GODWIT_HOME"] = new(rig.Home),
            ["TERM"] = new(term),
            ["DOTNET_EnableDiagnostics"] = new("0"),
        };
        // A signal goes to the terminal's foreground process, so Godwit replaces the shell.
        var inside = $"stty cols 110 rows 40; godwit() {{ dotnet '{GodwitProgram.Dll}' \"$@\"; }}; "
            + command.Replace("exec godwit", $"exec dotnet '{GodwitProgram.Dll}'", StringComparison.Ordinal);
#pragma warning disable CA2000 // Disposed with this.
        const string Start = "exec script --quiet --flush --return --command \"$1\" \"$2\" < \"$3\" > /dev/null";
        var script = new ProcessRunner(TimeProvider.System).Start(
            new ProgramCall("/bin/sh", ["-c", Start, "sh", inside, screen, keys]) { Environment = environment });
#pragma warning restore CA2000
        // Opening the pipe waits until the shell reads it.
        return new(script, screen,
            new FileStream(keys, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
    }

    public async Task TypeAsync(string keys) => await _keys.WriteAsync(System.Text.Encoding.UTF8.GetBytes(keys), Ct);

    /// <summary>Waits until the screen has shown the text.</summary>
    public async Task SeesAsync(string text)
    {
        var since = Stopwatch.GetTimestamp();
        while (!(await ScreenAsync()).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Max,
                $"\"{text}\" was never on the screen:\n{await ScreenAsync()}");
            await Task.Delay(LookEvery, Ct);
        }
    }

    public async Task<string> ScreenAsync() => File.Exists(_screen) ? await File.ReadAllTextAsync(_screen, Ct) : "";

    /// <returns>The command's exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Max);
        return await _script.WaitAsync(limit.Token);
    }

    /// <summary>Closes the window. Its processes get SIGHUP, and nothing can be written to it any more.</summary>
    public async Task CloseAsync()
    {
        using (var process = Process.GetProcessById(_script.Id))
            process.Kill();
        await _script.WaitAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        await _script.DisposeAsync();
    }
}

/// <summary>Runs in processes that the test did not start itself.</summary>
internal static class DistantRun
{
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Waits until the newest run has begun this step.</summary>
    public static async Task IsInAsync(this GodwitRig rig, string step)
    {
        var since = Stopwatch.GetTimestamp();
        while (!(await rig.JournalAsync()).Contains($"\"step\":\"{step}\"", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Max,
                $"the run never came to {step}:\n{await rig.JournalAsync()}");
            await Task.Delay(LookEvery, Ct);
        }
    }

    /// <summary>Empty before the first line of the first run.</summary>
    public static async Task<string> JournalAsync(this GodwitRig rig)
    {
        var path = rig.RunFolders.Count > 0 ? Path.Combine(rig.RunFolders[0], "journal.jsonl") : "";
        return File.Exists(path) ? await File.ReadAllTextAsync(path, Ct) : "";
    }

    /// <summary>The process of the newest run; null when none works on it.</summary>
    public static RunProcess? Process(this GodwitRig rig) => new RunFolder(rig.Home).ProcessOf(rig.RunId);

    /// <summary>Waits until the process has ended.</summary>
    public static async Task IsLeftAsync(this GodwitRig rig, int processId)
    {
        var since = Stopwatch.GetTimestamp();
        while (RunProcess.Of(processId) is not null)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Max,
                $"the run's process never ended:\n{await rig.JournalAsync()}");
            await Task.Delay(LookEvery, Ct);
        }
    }

    /// <summary>For a test that failed half-way.</summary>
    public static void KillRuns(this GodwitRig rig)
    {
        foreach (var run in rig.RunFolders)
        {
            if (new RunFolder(rig.Home).ProcessOf(Path.GetFileName(run)) is not { } left)
                continue;
            // The process of a called command is the test process.
            if (left.ProcessId == Environment.ProcessId)
                throw new InvalidOperationException($"The run {run} has not ended.");
            using var process = System.Diagnostics.Process.GetProcessById(left.ProcessId);
            process.Kill();
        }
    }
}
