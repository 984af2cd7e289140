using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Requires that the target holds nothing, or only what an earlier attempt brought.</summary>
internal static class EmptyTarget
{
    /// <param name="hasTables">The target's tables should already exist.</param>
    /// <param name="nothingToResume">The fault if there is no attempt to resume.</param>
    /// <returns>The earlier attempt's ledger; null: a new one begins.</returns>
    public static async Task<LeftLedger?> RequireAsync(
        PostgresSession target, bool resumes, bool hasTables, Func<Fault> nothingToResume, CancellationToken ct)
    {
        var name = $"{target.Address}";
        if (await CopyLedger.FindAsync(target, ct) is { } before)
            return resumes ? before : throw new FaultException(CopyFaults.EarlierCopy(name));
        if (resumes)
            throw new FaultException(nothingToResume());
        if (!hasTables && await ServerCatalog.RelationsAsync(target, ct) is { Count: > 0 } there)
            throw new FaultException(CopyFaults.TargetNotEmpty(name, Phrase.List(there)));
        if (await ServerCatalog.LargeObjectsAsync(target, ct) is > 0 and var objects)
            throw new FaultException(CopyFaults.TargetNotEmpty(name, Phrase.Count(objects, "large object")));
        return null;
    }
}
