namespace Godwit.Cutover.Switch;

/// <summary>One thing that points at the target from now on. Remembers what undoing needs before it acts, and is safe
/// to do again after it died half-way.</summary>
public interface ISwitchPart
{
    /// <summary>What points, for the screen: <c>DATABASE_URL of my-app</c>.</summary>
    string Subject { get; }

    /// <summary>A clause for the plan.</summary>
    string Intent { get; }

    /// <summary>A clause for the plan.</summary>
    string UndoIntent { get; }

    /// <summary>Looks before the run, and changes nothing.</summary>
    /// <returns>How it is now, as a clause; never a value.</returns>
    Task<string> FindNowAsync(CancellationToken ct);

    /// <summary>Looks, changes nothing.</summary>
    /// <returns>What is true, as a clause; null when it is not done, or not seen through.</returns>
    Task<string?> FindDoneAsync(CancellationToken ct);

    /// <returns>What is true now, as a clause.</returns>
    Task<string> DoAsync(CancellationToken ct);

    /// <returns>What was put back, as a clause; null when there was nothing.</returns>
    Task<string?> UndoAsync(CancellationToken ct);
}
