using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Migration.CleanUp;

/// <summary>What a run that nobody took up again left changed outside of the store: a source that is read-only, apps
/// that are out of service. It is removed by going back, all of it at once, in the order that the way back
/// needs.</summary>
/// <param name="findAsync">What is not as it was, in a clause each; only looks.</param>
/// <param name="goBackAsync">Rolls the run back.</param>
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
        // The first of them takes the others with it.
        if ((await FindAsync(ct)).Any(leftover.IsSameAs) && await goBackAsync(ct) != RunOutcome.RolledBack)
            throw new FaultException(MigrationFaults.NotBack(story.RunId));
        return null;
    }
}
