namespace Godwit.Pipeline;

/// <summary>What the runner, the journal and the report must know of a step, whatever it is called.</summary>
/// <remarks>The journal keeps them with the start of the step, so that the story of a run can be told by a version
/// which has other steps.</remarks>
[Flags]
public enum StepTraits
{
    None = 0,

    /// <summary>Asks whether the run may begin, and changes nothing.</summary>
    OnlyLooks = 1,

    /// <summary>Finds out whether the source can be reached at all: no lock is needed before it.</summary>
    ReachesSource = 2,

    /// <summary>Stops the writes to the source. When it is undone, they are possible again.</summary>
    StopsWrites = 4,

    /// <summary>Of a rollback: stops the writes to the target once more.</summary>
    StopsWritesAgain = 8,

    /// <summary>Lets the applications write again, into the target.</summary>
    LetsWrite = 16,

    /// <summary>A migration has the writes stopped while it runs.</summary>
    Downtime = 32,

    /// <summary>Proves that both sides are equal.</summary>
    Proves = 64,

    /// <summary>Points the applications at the target. Behind it nothing is undone by itself any more, and no step
    /// before it runs again.</summary>
    PointOfNoReturn = 128,
}
