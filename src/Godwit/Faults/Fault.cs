// Faults: what the operator reads when Godwit stops.
//
// An error has three sentences: what failed, why, and what to do next. Its code is stable. Its kind alone decides retry
// and exit code. Secrets live here too: every room needs a value that cannot print itself. Faults knows no other room.
namespace Godwit.Faults;

/// <param name="Code">Stable name for scripts and docs/faults.md: <c>room.subject</c>. Never renamed, never
/// reused.</param>
/// <param name="What">What could not be done. No full stop.</param>
/// <param name="Why">The cause, as a clause. No full stop.</param>
/// <param name="Remedy">Whole sentences, with a command where there is one.</param>
public sealed record Fault(string Code, FaultKind Kind, string What, string Why, string Remedy);

/// <summary>Decides retry and exit code; nothing else does.</summary>
public enum FaultKind
{
    /// <summary>The command line, a URL or a file was wrong. Nothing was started.</summary>
    Usage,

    /// <summary>Something outside must change first: a blocker, a missing right, a lock held by another run. A retry
    /// alone does not help.</summary>
    Refused,

    /// <summary>The same call may succeed later.</summary>
    Transient,

    /// <summary>Something failed that should work. A person has to look.</summary>
    Broken,
}

public sealed class FaultException(Fault fault, Exception? cause = null)
    : Exception($"{fault.What}: {fault.Why}. {fault.Remedy}", cause)
{
    public Fault Fault => fault;
}
