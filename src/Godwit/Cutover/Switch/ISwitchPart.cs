namespace Godwit.Cutover.Switch;

/// <summary>One thing that the cut-over points at the target. Before it acts, it remembers what undoing needs. Safe to
/// run again after a crash half-way.</summary>
public interface ISwitchPart
{
    /// <summary>For the screen: <c>DATABASE_URL of my-app</c>.</summary>
    string Subject { get; }

    /// <summary>A clause for the plan.</summary>
    string Intent { get; }

    /// <summary>A clause for the plan.</summary>
    string UndoIntent { get; }

    /// <summary>Called before the run. Changes nothing.</summary>
    /// <returns>The present state, as a clause without the value.</returns>
    Task<string> FindNowAsync(CancellationToken ct);

    /// <summary>Changes nothing.</summary>
    /// <returns>What is true, as a clause; null: not done, or not finished.</returns>
    Task<string?> FindDoneAsync(CancellationToken ct);

    /// <returns>What is true now, as a clause.</returns>
    Task<string> DoAsync(CancellationToken ct);

    /// <returns>What was restored, as a clause; null: nothing.</returns>
    Task<string?> UndoAsync(CancellationToken ct);
}
