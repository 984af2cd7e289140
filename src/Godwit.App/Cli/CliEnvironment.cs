using Godwit.App.Cli.Commands;
using Godwit.App.Web;
using Godwit.Journal;
using Godwit.Migration.Opening;
using Godwit.Postgres;

namespace Godwit.App.Cli;

/// <summary>A command's outside world, made once in Program.cs.</summary>
public sealed record CliEnvironment
{
    public required IConsole Console { get; init; }
    public required Func<string, string?> Environment { get; init; }
    public required TimeProvider Clock { get; init; }
    public required IProcessRunner Processes { get; init; }

    /// <summary>As typed.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Null: not the background process of <c>--detach</c>.</summary>
    public BackgroundConsole? Background { get; init; }

    public PgTools Tools => new(Environment);

    public RunFolder Runs => RunFolder.FromEnvironment(Environment);

    public LastCopies Copies => new(Path.Combine(Runs.Root, "copies"));

    public DatabaseOpener Databases => new(Environment, Console.In.ReadLine, Show);

    public HerokuOpener Heroku => new(Environment, Clock, Show);

    public OpeningWorld Opening => new()
    {
        Databases = Databases,
        Heroku = Heroku,
        Environment = Environment,
        EnvironmentSecrets = EnvironmentSecrets.Of(System.Environment.GetEnvironmentVariables()),
        Clock = Clock,
        Processes = Processes,
        MakeLinkHost = () => new LinkHost(),
        Runs = Runs,
        Note = Show,
    };

    public ProblemReports Problems => new(Path.Combine(Runs.Root, "problems"));

    private void Show(OpeningNote note)
    {
        Console.Error.WriteLine($"{(note.Kind == OpeningNoteKind.Warning ? "Warning" : "Note")}: {note.Text}");
        if (note.Next is { } next)
            Console.Error.WriteLine($"  next: {next}");
    }
}

/// <summary>The screen and the keyboard.</summary>
public interface IConsole
{
    TextWriter Out { get; }

    TextWriter Error { get; }

    /// <summary>Null: standard output is a terminal. Failed writes throw.</summary>
    Stream? BinaryOut { get; }

    TextReader In { get; }

    /// <summary>Null: standard input is a terminal.</summary>
    Stream? BinaryIn { get; }

    /// <summary>Standard output understands cursor movements.</summary>
    bool IsTerminal { get; }

    /// <summary>Standard output is a terminal of any kind.</summary>
    bool PrintsToTerminal { get; }

    /// <summary>Somebody can answer.</summary>
    bool CanAsk { get; }

    /// <summary>On standard error. False: nobody can answer, or the input ended.</summary>
    bool Ask(string question);

    /// <summary>Asks for a word on standard error. Null: nobody can answer, or the input ended.</summary>
    string? Prompt(string question);

    /// <summary>Handles Ctrl-C and SIGTERM, and SIGHUP unless <see cref="OutliveTerminal"/> is active. The process
    /// continues.</summary>
    IDisposable OnInterrupt(Action<InterruptKind> handler);

    /// <summary>Until disposed, a closed terminal (SIGHUP) does not stop the command: a dropped connection must not
    /// undo hours of work.</summary>
    IDisposable OutliveTerminal();
}

public enum InterruptKind
{
    /// <summary>Ctrl-C, by a person.</summary>
    Keyboard,

    /// <summary>SIGTERM, by the system; SIGHUP, by a closed terminal, for a command that does not outlive it.</summary>
    Termination,
}
