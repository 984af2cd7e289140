using Godwit.Journal;
using Godwit.Postgres;

namespace Godwit.App.Cli;

/// <summary>What a command gets from the outside world, made once in Program.cs.</summary>
public sealed record Surroundings
{
    public required IConsole Console { get; init; }
    public required Func<string, string?> Environment { get; init; }
    public required TimeProvider Clock { get; init; }
    public required IProcessRunner Processes { get; init; }

    public PgTools Tools => new(Environment);

    public RunFolder Runs => RunFolder.FromEnvironment(Environment);

    public LastCopies Copies => new(Path.Combine(Runs.Root, "copies"));

    public ProblemReports Problems => new(Path.Combine(Runs.Root, "problems"));
}

/// <summary>The screen and the keyboard.</summary>
public interface IConsole
{
    TextWriter Out { get; }

    TextWriter Error { get; }

    /// <summary>Standard output for bytes; null when it is a terminal. What cannot be written throws.</summary>
    Stream? BinaryOut { get; }

    TextReader In { get; }

    /// <summary>Standard input as bytes; null when it is a terminal.</summary>
    Stream? BinaryIn { get; }

    /// <summary>Standard output is a terminal that understands cursor movements.</summary>
    bool IsTerminal { get; }

    /// <summary>Somebody is there to answer.</summary>
    bool CanAsk { get; }

    /// <summary>Asks on standard error; false when nobody is there or the input ended.</summary>
    bool Ask(string question);

    /// <summary>Called for Ctrl-C, SIGTERM and SIGHUP; the process goes on.</summary>
    IDisposable OnInterrupt(Action<InterruptKind> handler);
}

public enum InterruptKind
{
    /// <summary>Ctrl-C: a person.</summary>
    Keyboard,

    /// <summary>SIGTERM or SIGHUP: the system, or a closed terminal.</summary>
    Termination,
}
