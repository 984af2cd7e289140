namespace Godwit.Pipeline;

/// <summary>A step that can tell before the run what it would meet: for a plan that changes nothing.</summary>
public interface IForeseeing : IStep
{
    /// <summary>Looks at the world as it is now, before the other steps, and changes nothing.</summary>
    /// <exception cref="Faults.FaultException">It cannot be looked at.</exception>
    Task<IReadOnlyList<Foreseen>> ForeseeAsync(CancellationToken ct);
}

/// <param name="Subject">What was looked at: an app, a variable, a file.</param>
/// <param name="State">How it is, and what the step would make of it: a clause. No value that may be a secret.</param>
public sealed record Foreseen(string Subject, string State);
