using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Gives rights and owners at the target. What it refuses stays as it is there, and is told: it is about
/// objects that are not ours, as the schema public of a server or what belongs to an extension.</summary>
public static class RightsGiver
{
    /// <summary>Sent at once. All of a group are given, or none; giving one again changes nothing.</summary>
    private const int GroupMax = 100;

    /// <param name="target">Reads texts as the archive writes them.</param>
    /// <returns>What the target refused, with what it said.</returns>
    /// <exception cref="FaultException">The session was lost.</exception>
    public static async Task<IReadOnlyList<LeftOut>> GiveAsync(
        PostgresSession target, IReadOnlyList<CarriedRight> rights, CancellationToken ct)
    {
        var refused = new List<LeftOut>();
        foreach (var group in rights.Chunk(GroupMax))
        {
            if (await TryAsync(target, group, ct) is null)
                continue;
            foreach (var one in group)
            {
                if (await TryAsync(target, [one], ct) is { } why)
                    refused.Add(new(LeftOutKind.RefusedRight, one.Name, Ended(one), $"the target refused it: {why}"));
            }
        }

        return refused;
    }

    /// <returns>What the server said against it, as a clause; null: nothing. A right that nobody may give is only
    /// warned of.</returns>
    private static async Task<string?> TryAsync(
        PostgresSession target, IReadOnlyList<CarriedRight> rights, CancellationToken ct)
    {
        try
        {
            var warnings = await target.ExecuteHearingAsync(
                string.Join(";\n", rights.Select(one => ArchiveSql.TextOf(one.Statement.Bytes))), ct);
            return warnings.Count == 0 ? null : string.Join("; ", warnings.Distinct(StringComparer.Ordinal));
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            return e.Fault.Why;
        }
    }

    private static ArchiveText Ended(CarriedRight one) =>
        ArchiveText.Of(ArchiveSql.BytesOf(ArchiveSql.TextOf(one.Statement.Bytes) + ";\n"));
}
