using Godwit.Faults;

namespace Godwit.Cutover.Freeze;

public sealed class SourceFrozen
{
    internal SourceFrozen(
        IReadOnlyList<SourceSession> ended, IReadOnlyList<string> notLockedOut, WriteWatchResult watched,
        IReadOnlyList<Fault> accepted) =>
        (Ended, NotLockedOut, Watched, Accepted) = (ended, notLockedOut, watched, accepted);

    /// <summary>Sessions of others.</summary>
    internal IReadOnlyList<SourceSession> Ended { get; }

    /// <summary>Roles that may still connect although CONNECT was revoked.</summary>
    public IReadOnlyList<string> NotLockedOut { get; }

    internal WriteWatchResult Watched { get; }

    /// <summary>Accepted faults.</summary>
    public IReadOnlyList<Fault> Accepted { get; }

    /// <summary>A clause: how it is known that nobody writes.</summary>
    public string Proof => $"a write of a new session was refused; {Watched.Evidence}; "
        + $"{(Ended.Count == 1 ? "1 session was" : $"{Ended.Count} sessions were")} ended";

    /// <summary>Sessions whose transaction had written and was rolled back.</summary>
    public IReadOnlyList<string> Writers => [.. Ended.Where(one => one.Writes).Select(one => one.Who)];
}
