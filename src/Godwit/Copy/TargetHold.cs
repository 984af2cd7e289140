using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy;

/// <summary>Nobody else fills a target while one works on it: the lock there is the one that runs of a migration take.</summary>
internal static class TargetHold
{
    /// <param name="resumes">Sessions of the attempt that is gone on with may work there still.</param>
    /// <exception cref="FaultException"><c>copy.target_busy</c>; or a session of that attempt does not end.</exception>
    public static async Task<RunLock> TakeAsync(PostgresAddress target, bool resumes, TimeProvider clock, CancellationToken ct)
    {
        var held = new RunLock();
        try
        {
            if (await held.TakeAsync(target, ct) is { } who)
                throw new FaultException(CopyFaults.TargetBusy($"{target}", who));
            if (resumes && await HasLedgerAsync(target, ct))
                await LeftSessions.EndAsync(target, clock, ct);
            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> HasLedgerAsync(PostgresAddress target, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(target, ct);
        return await CopyLedger.FindAsync(session, ct) is not null;
    }
}
