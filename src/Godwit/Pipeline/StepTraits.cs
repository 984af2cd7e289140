namespace Godwit.Pipeline;

/// <summary>What the runner, the journal and the report need to know about a step. The journal keeps a step's traits,
/// so that a version with other steps can still read it.</summary>
[Flags]
public enum StepTraits
{
    None = 0,

    /// <summary>Checks whether the run may begin. Changes nothing.</summary>
    OnlyLooks = 1,

    /// <summary>Checks that the source is reachable. Needs no lock.</summary>
    ReachesSource = 2,

    /// <summary>Stops the writes to the source. Undoing allows them again.</summary>
    StopsWrites = 4,

    /// <summary>In a rollback: stops the writes to the target.</summary>
    StopsWritesAgain = 8,

    /// <summary>Lets the apps write again, into the target.</summary>
    LetsWrite = 16,

    /// <summary>Writes are stopped while the step runs in a migration.</summary>
    Downtime = 32,

    /// <summary>Proves that both sides are equal.</summary>
    Proves = 64,

    /// <summary>Points the apps at the target. After it nothing is undone automatically, and no earlier step runs
    /// again.</summary>
    PointOfNoReturn = 128,
}
