using Godwit.Faults;

namespace Godwit.Assess;

/// <summary>One subject of the assessment. Only reads; safe at any time, on a database in use.</summary>
/// <remarks>A check adds findings to its notes. An exception means that it could not look, which never counts as
/// "nothing found".</remarks>
public interface ICheck
{
    /// <summary>As in the list of checks: <c>extensions</c>, <c>rights on tables</c>.</summary>
    string Name { get; }

    /// <summary>Codes of blockers for <c>--accept</c>: the move can still succeed.</summary>
    IReadOnlyList<string> Acceptable { get; }

    /// <summary>A failure of the check itself cannot be accepted.</summary>
    bool IsVital => false;

    /// <exception cref="Faults.FaultException">The check could not look.</exception>
    Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct);
}

public interface IAssessNotes
{
    void Add(Finding finding);

    /// <summary>For the head of the assessment: <c>size</c>, <c>3.2 GB in 46 tables</c>.</summary>
    void AddFact(string name, string value);

    /// <summary>A finding so far stops the run.</summary>
    bool HasBlockers(AssessRequest request);
}
