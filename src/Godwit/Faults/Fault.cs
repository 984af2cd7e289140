// Faults: what the operator reads when Godwit stops.
//
// Every error a person meets is three sentences: what failed, why, and what to do next. The
// code is stable; the kind alone decides whether a retry makes sense and which exit code the
// program ends with. Secrets live here too, because every room needs a value that cannot print itself.
namespace Godwit.Faults;

/// <summary>What failed, why, and what to do next.</summary>
/// <param name="Code">Stable name for scripts and docs/faults.md: <c>room.subject</c>. Never renamed, never
/// reused.</param>
/// <param name="What">What could not be done. No full stop.</param>
/// <param name="Why">The cause, as a clause. No full stop.</param>
/// <param name="Remedy">What to do about it: whole sentences, with a command where there is one.</param>
public sealed record Fault(string Code, FaultKind Kind, string What, string Why, string Remedy);

/// <summary>Decides retry and exit code; nothing else does.</summary>
public enum FaultKind
{
    /// <summary>The command line, a URL or a file was wrong. Nothing was started.</summary>
    Usage,

    /// <summary>The world is not as it must be (a blocker, a missing right, a lock held by another). Retrying as it is
    /// will not help.</summary>
    Refused,

    /// <summary>A passing failure: the same call may succeed later.</summary>
    Transient,

    /// <summary>Something that should have worked did not; a person has to look.</summary>
    Broken,
}

/// <summary>Carries a <see cref="Faults.Fault"/> to whoever can tell the operator.</summary>
public sealed class FaultException(Fault fault, Exception? cause = null)
    : Exception($"{fault.What}: {fault.Why}. {fault.Remedy}", cause)
{
    public Fault Fault => fault;
}
