using Godwit.Faults;

namespace Godwit.Assess;

/// <summary>One subject of the assessment. Only reads; safe to run at any time, on a database in use.</summary>
/// <remarks>What it finds it notes. An exception means that it could not look, which is never taken for "nothing
/// found".</remarks>
public interface ICheck
{
    /// <summary>What it looks at, as the list of checks shows it: <c>extensions</c>, <c>rights on tables</c>.</summary>
    string Name { get; }

    /// <summary>Codes of its blockers that the user may override with <c>--accept</c>: those after which a move can
    /// still end well.</summary>
    IReadOnlyList<string> Acceptable { get; }

    /// <summary>Nobody can take it on that this could not look: what it would have found cannot end well.</summary>
    bool IsVital => false;

    /// <exception cref="Faults.FaultException">It could not look.</exception>
    Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct);
}

/// <summary>What a check has to say.</summary>
public interface IAssessNotes
{
    void Add(Finding finding);

    /// <summary>A fact for the head of the assessment: <c>size</c>, <c>3.2 GB in 46 tables</c>.</summary>
    void AddFact(string name, string value);

    /// <summary>Whether something was found so far that stops the run.</summary>
    bool HasBlockers(AssessRequest request);
}
