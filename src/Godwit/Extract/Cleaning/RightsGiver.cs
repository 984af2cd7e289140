using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Sets rights and owners at the target. Reports what the target refuses: such objects belong to another role,
/// for example the schema public or an extension's objects.</summary>
public static class RightsGiver
{
    // Statements sent at once; all take effect or none. Repeating one changes nothing.
    private const int GroupMax = 100;

    /// <param name="target">Its encoding is the archive's.</param>
    /// <returns>The refused rights, with the server's error.</returns>
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

    /// <returns>The server's error or warning as a clause; null: none. If the role may not grant a right, the server
    /// only warns.</returns>
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
