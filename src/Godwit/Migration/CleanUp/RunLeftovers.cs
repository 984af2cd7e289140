using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Migration.CleanUp;

/// <summary>What an abandoned run left changed outside the store: a read-only source, apps out of service. A rollback
/// restores all of it at once, in its own order.</summary>
/// <param name="findAsync">Returns what is not as before, a clause each; only looks.</param>
public sealed class RunLeftovers(
    RunStory story, Func<CancellationToken, Task<IReadOnlyList<string>>> findAsync,
    Func<CancellationToken, Task<RunOutcome>> goBackAsync) : ILeftovers
{
    public string Where => $"the run {story.RunId}";

    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken ct) =>
        [.. (await findAsync(ct)).Select(said =>
            new Leftover(LeftoverKind.Change, Where, said, story.LastLineAt, SizeBytes: null) { RunId = story.RunId })];

    public async Task<string?> RemoveAsync(Leftover leftover, CancellationToken ct)
    {
        // The rollback for the first item restores the others too.
        if ((await FindAsync(ct)).Any(leftover.IsSameAs) && await goBackAsync(ct) != RunOutcome.RolledBack)
            throw new FaultException(MigrationFaults.NotBack(story.RunId));
        return null;
    }
}
