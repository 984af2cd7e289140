using Godwit.Faults;

namespace Godwit.Assess;

/// <summary>How many connections a migration opens at the source at most, and why.</summary>
/// <param name="Sum">The calculation, as a clause.</param>
internal sealed record ConnectionNeeds(long Most, string Sum)
{
    // Dump and copy leave these to the application by using fewer workers.
    private const int Spared = 2;

    // Before the workers: pg_dump, the session that holds the snapshot, and the one that takes over the locks.
    private const int AtTheBeginning = 3;

    public static ConnectionNeeds Of(AssessRequest request)
    {
        var way = request.IsDirect == true ? "the copy" : "the dump";
        var alone = request.DumpsAlone && request.IsDirect != true;
        // The workers, and one session that holds the table locks.
        var brings = alone ? 1 : Math.Max(request.Jobs + 1, AtTheBeginning);
        var compares = request.Jobs + 1;
        var held = 1 + (request.HoldsSnapshot ? 1 : 0);
        var spared = alone ? 0 : Spared;
        var most = Math.Max(brings + spared, compares) + held;
        var workers = Phrase.Count(request.Jobs, "worker");
        string[] sum =
        [
            alone ? $"{way} has 1 (pg_dump)" : $"{way} has {brings} ({workers}{(brings > compares ? ", pg_dump" : "")} "
                + "and one that holds the locks)",
            $"the comparison after it {compares} ({workers} and one that holds the snapshot)",
            request.HoldsSnapshot
                ? "beside each of them are the run's lock and the rehearsal's snapshot"
                : "beside each of them is the run's lock",
            .. spared > 0 ? [$"{way} leaves {spared} to others"] : Array.Empty<string>(),
        ];
        return new(most, $"with {Phrase.Count(request.Jobs, "job")} {string.Join("; ", sum)}: {most} together");
    }
}
