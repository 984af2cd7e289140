using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>The only way to start another program: crashes, time-outs and arguments are handled in one place.</summary>
public interface IProcessRunner
{
    /// <summary>Closes the program's standard input at once. The caller disposes it, which kills it if it still
    /// runs.</summary>
    /// <exception cref="FaultException"><c>process.not_started</c>: the file does not exist or may not be
    /// executed.</exception>
    IRunningProcess Start(ProgramCall call);

    /// <summary>Measures limits on programs.</summary>
    TimeProvider Clock { get; }
}

/// <param name="Arguments">Every user of the machine can read them: never a secret.</param>
public sealed record ProgramCall(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Added to our own; may hold secrets. A null value removes a variable.</summary>
    public IReadOnlyDictionary<string, Secret?> Environment { get; init; } = new Dictionary<string, Secret?>();

    /// <summary>Only applies when we are root, as whom PostgreSQL's server does not run. Null: our own user.</summary>
    public string? AsUser { get; init; }

    public string? WorkingDirectory { get; init; }
}

/// <summary>A started program. Keeps the last <see cref="ErrorTailLinesMax"/> lines of standard error and can pass on
/// each.</summary>
public interface IRunningProcess : IAsyncDisposable
{
    const int ErrorTailLinesMax = 200;

    int Id { get; }

    /// <summary>Standard output. Read it to the end, or the program may block on a full pipe.</summary>
    Stream Output { get; }

    /// <summary>Last lines of standard error, secrets masked.</summary>
    string ErrorTail { get; }

    /// <summary>Gets each line of standard error, secrets masked, from one thread at a time; when set, also earlier
    /// lines.</summary>
    Action<string>? OnErrorLine { get; set; }

    /// <summary>The exit code, once the program has ended and standard error is read completely.</summary>
    Task<int> WaitAsync(CancellationToken ct);

    /// <summary>The same; null: it still runs then.</summary>
    Task<int?> WaitAsync(TimeSpan max, CancellationToken ct);

    /// <summary>Also kills its children.</summary>
    void Kill();
}
