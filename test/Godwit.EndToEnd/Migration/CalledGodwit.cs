using System.Collections.Frozen;
using Godwit.App.Cli;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>Calls a command of Godwit inside the test process, for tests that need no process of its own. The runtime's
/// start and compiler take most of a short command's time.</summary>
/// <remarks><see cref="GodwitProcess"/> is for tests of processes, signals, byte streams, and variables that libraries
/// read.</remarks>
internal static class CalledGodwit
{
    /// <summary>A journey takes seconds, or a minute on a loaded machine. After this time it hangs.</summary>
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(4);

    /// <summary>Godwit reads these variables only through its <see cref="CliEnvironment"/>. Others may be for a
    /// library, or for a program that Godwit starts.</summary>
    private static readonly FrozenSet<string> Own = new[]
    {
        "HOME", "TERM", "SOURCE_URL", "TARGET_URL", "LINK", "GODWIT_HOME", "PGPASSWORD", "PGPASSFILE", "NO_PROXY",
        "HEROKU_API_URL", "HEROKU_HOST", "HEROKU_DATA_HOST", "HEROKU_PARTICLEBOARD_URL", "HEROKU_API_KEY",
        "DISABLE_TELEMETRY", "HEROKU_SKIP_NEW_VERSION_CHECK", "HEROKU_DISABLE_AUTOUPDATE",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>These start Godwit again, or write bytes to standard output, so they need a process.</summary>
    private static readonly FrozenSet<string> NeedsProcess =
        new[] { "demo", "heroku-local", "rehearse", "--detach", "--follow", "-" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Fits(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, Secret?> environment) =>
        environment.Keys.All(Own.Contains) && !arguments.Any(NeedsProcess.Contains);

    /// <param name="errorFile">Gets the command's standard error, as for a process.</param>
    public static async Task<GodwitEnd> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, Secret?> environment, string errorFile)
    {
        var screen = new Screen();
        var code = await Task.Run(() => GodwitCommand.RunAsync(arguments, new()
        {
            Console = screen,
            Environment = name => environment.TryGetValue(name, out var value)
                ? value?.Reveal() : Environment.GetEnvironmentVariable(name),
            Clock = TimeProvider.System,
            Processes = new ProcessRunner(TimeProvider.System),
        })).WaitAsync(EndMax, TestContext.Current.CancellationToken);
        var end = new GodwitEnd(code, $"{screen.Said}", $"{screen.SaidAsError}");
        await File.WriteAllTextAsync(errorFile, end.Error, TestContext.Current.CancellationToken);
        return end;
    }

    /// <summary>Two pipes and no keyboard. Synchronized, because workers write at the same time.</summary>
    private sealed class Screen : IConsole
    {
        public Screen() => (Out, Error) = (TextWriter.Synchronized(Said), TextWriter.Synchronized(SaidAsError));

        public StringWriter Said { get; } = new();

        public StringWriter SaidAsError { get; } = new();

        public TextWriter Out { get; }

        public TextWriter Error { get; }

        public Stream? BinaryOut => null;

        public TextReader In => TextReader.Null;

        public Stream? BinaryIn => Stream.Null;

        public bool IsTerminal => false;

        public bool PrintsToTerminal => false;

        public bool CanAsk => false;

        public bool Ask(string question) => false;

        public string? Prompt(string question) => null;

        public IDisposable OnInterrupt(Action<InterruptKind> handler) => TextReader.Null;

        public IDisposable OutliveTerminal() => TextReader.Null;
    }
}
