using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Nothing of somebody's may be mixed with what comes, but what an earlier attempt has brought.</summary>
internal static class EmptyTarget
{
    /// <param name="hasTables">Its tables are expected to be there.</param>
    /// <param name="nothingToResume">What it is when there is no attempt to go on with.</param>
    /// <returns>The ledger of that attempt; null where a new one begins.</returns>
    /// <exception cref="FaultException">There is something, or not what is gone on with.</exception>
    public static async Task<LeftLedger?> RequireAsync(
        PostgresSession target, bool resumes, bool hasTables, Func<Fault> nothingToResume, CancellationToken ct)
    {
        var name = $"{target.Address}";
        if (await CopyLedger.FindAsync(target, ct) is { } before)
            return resumes ? before : throw new FaultException(CopyFaults.EarlierCopy(name));
        if (resumes)
            throw new FaultException(nothingToResume());
        if (!hasTables && await ServerCatalog.RelationsAsync(target, ct) is { Count: > 0 } there)
            throw new FaultException(CopyFaults.TargetNotEmpty(name, Named.Some(there)));
        if (await ServerCatalog.LargeObjectsAsync(target, ct) is > 0 and var objects)
            throw new FaultException(CopyFaults.TargetNotEmpty(name, Named.Count(objects, "large object")));
        return null;
    }
}
