using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Owners and rights come last: until then everything is the login's that fills the target.</summary>
internal static class CopiedRights
{
    /// <param name="first">A session that reads texts as the archive writes them.</param>
    /// <param name="leftOutFile">Gets what the target refuses; null: there is none.</param>
    /// <returns>What it refuses.</returns>
    public static async Task<IReadOnlyList<LeftOut>> GiveAsync(
        PostgresSession first, CleanedContents cleaned, string? leftOutFile, CopyWatch watch, CancellationToken ct)
    {
        if (cleaned.Rights.Count == 0)
            return [];
        watch.Begun(Named.Count(cleaned.Rights.Count, "right"), "giving");
        var refused = await RightsGiver.GiveAsync(first, cleaned.Rights, ct);
        if (refused.Count == 0)
            return [];
        if (leftOutFile is not null)
            await LeftOutFile.AddAsync(leftOutFile, refused, ct);
        watch.Refused(refused, leftOutFile);
        return refused;
    }

    /// <summary>What the target is without, for whoever compares it.</summary>
    public static IReadOnlyList<LeftOutItem> Items(
        CleanedContents cleaned, IReadOnlyList<LeftOut> refused, FillOptions options)
    {
        var items = LeftOutList.Of([.. cleaned.LeftOut, .. refused]);
        return options.MappedRoles is null ? [LeftOutItem.AllRights, .. items] : items;
    }
}
