using System.Collections.Frozen;
using Godwit.App.Cli;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>A command of Godwit that is called and not started, for tests that are not about its process: the runtime
/// and its compiler take most of the time of a short one.</summary>
/// <remarks>Its processes, signals, streams of bytes and what libraries read from the environment are tested with
/// <see cref="GodwitProcess"/>.</remarks>
internal static class CalledGodwit
{
    /// <summary>A journey takes seconds; on a loaded machine a minute. One that takes this long hangs.</summary>
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(4);

    /// <summary>Godwit reads these through its <see cref="Surroundings"/> alone. Any other may also be meant for a
    /// library, or for a program that Godwit starts.</summary>
    private static readonly FrozenSet<string> Own = new[]
    {
        "HOME", "TERM", "SOURCE_URL", "TARGET_URL", "GODWIT_HOME", "PGPASSWORD", "PGPASSFILE", "NO_PROXY",
        "HEROKU_API_URL", "HEROKU_HOST", "HEROKU_DATA_HOST", "HEROKU_PARTICLEBOARD_URL", "HEROKU_API_KEY",
        "DISABLE_TELEMETRY", "HEROKU_SKIP_NEW_VERSION_CHECK", "HEROKU_DISABLE_AUTOUPDATE",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>These start Godwit again, or write bytes to standard output.</summary>
    private static readonly FrozenSet<string> NeedsProcess =
        new[] { "demo", "heroku-local", "rehearse", "--detach", "--follow", "-" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Fits(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, Secret?> environment) =>
        environment.Keys.All(Own.Contains) && !arguments.Any(NeedsProcess.Contains);

    /// <param name="errorFile">Gets what it says on standard error, as that of a process does.</param>
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

    /// <summary>Two pipes and nobody at the keyboard. Workers write at the same time.</summary>
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
