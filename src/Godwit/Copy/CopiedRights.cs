using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Sets owners and rights last: until then the login that fills the target owns everything.</summary>
internal static class CopiedRights
{
    /// <param name="first">Its encoding is the archive's.</param>
    /// <param name="leftOutFile">Gets what the target refuses; null: no file.</param>
    /// <returns>What the target refused.</returns>
    public static async Task<IReadOnlyList<LeftOut>> GiveAsync(
        PostgresSession first, CleanedContents cleaned, string? leftOutFile, CopyWatch watch, CancellationToken ct)
    {
        if (cleaned.Rights.Count == 0)
            return [];
        watch.Begun(Phrase.Count(cleaned.Rights.Count, "right"), "giving");
        var refused = await RightsGiver.GiveAsync(first, cleaned.Rights, ct);
        if (refused.Count == 0)
            return [];
        if (leftOutFile is not null)
            await LeftOutFile.AddAsync(leftOutFile, refused, ct);
        watch.Refused(refused, leftOutFile);
        return refused;
    }

    /// <summary>What the target lacks, for the comparison.</summary>
    public static IReadOnlyList<LeftOutItem> Items(
        CleanedContents cleaned, IReadOnlyList<LeftOut> refused, FillOptions options)
    {
        var items = LeftOutList.Of([.. cleaned.LeftOut, .. refused]);
        return options.MappedRoles is null ? [LeftOutItem.AllRights, .. items] : items;
    }
}
