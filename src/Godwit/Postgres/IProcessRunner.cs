using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>The one way to start another program, so that crash, time-out and argument lists are in one
/// place.</summary>
public interface IProcessRunner
{
    /// <summary>Starts the program; its standard input is closed at once. The caller disposes it, which kills it if it
    /// still runs.</summary>
    /// <exception cref="FaultException"><c>process.not_started</c>: the file does not exist or may not be
    /// executed.</exception>
    IRunningProcess Start(ProgramCall call);

    /// <summary>By which limits on programs are measured.</summary>
    TimeProvider Clock { get; }
}

/// <param name="Arguments">Seen by every user of the machine: never a secret.</param>
public sealed record ProgramCall(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Added to our own environment; secrets travel here. A null value removes a variable.</summary>
    public IReadOnlyDictionary<string, Secret?> Environment { get; init; } = new Dictionary<string, Secret?>();

    /// <summary>Run as this user (only when we are root; PostgreSQL's server refuses root). Null: as
    /// ourselves.</summary>
    public string? AsUser { get; init; }

    public string? WorkingDirectory { get; init; }
}

/// <summary>A started program. Standard error is collected (its last <see cref="ErrorTailLinesMax"/> lines) and can be
/// followed line by line.</summary>
public interface IRunningProcess : IAsyncDisposable
{
    const int ErrorTailLinesMax = 200;

    int Id { get; }

    /// <summary>Standard output, binary. Read it to the end, or the program may block on a full pipe.</summary>
    Stream Output { get; }

    /// <summary>The last lines of standard error so far, secrets already masked.</summary>
    string ErrorTail { get; }

    /// <summary>Called for each line of standard error, secrets masked, from one thread at a time. Lines from before it
    /// was set are passed when it is.</summary>
    Action<string>? OnErrorLine { get; set; }

    /// <summary>The exit code, once the program ended and standard error was read to its end.</summary>
    Task<int> WaitAsync(CancellationToken ct);

    /// <summary>The same; null when it still runs then.</summary>
    Task<int?> WaitAsync(TimeSpan max, CancellationToken ct);

    /// <summary>Kills the program and its children.</summary>
    void Kill();
}
