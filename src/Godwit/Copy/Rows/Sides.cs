using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Adds the side and the copied object to a fault.</summary>
internal static class Sides
{
    public static async Task<T> AtSourceAsync<T>(string title, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (FaultException e) when (!IsTold(e))
        {
            if (PostgresSession.IsRecoveryConflict(e))
                throw;
            throw new FaultException(e.Fault.Kind == FaultKind.Transient ? CopyFaults.SourceLost(title,
                e.Fault.Why) : CopyFaults.Unreadable(title, DataErrors.Why(e)), e);
        }
    }

    public static async Task<T> AtTargetAsync<T>(string title, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (FaultException e) when (!IsTold(e))
        {
            throw new FaultException(PostgresSession.IsAnswer(e, PostgresSession.LockNotAvailable)
                ? CopyFaults.TargetLocked($"the rows of {title}", e.Fault.Why)
                : e.Fault.Kind == FaultKind.Transient ? CopyFaults.TargetLost(title, e.Fault.Why)
                : CopyFaults.RowsRefused(title, DataErrors.Why(e)), e);
        }
    }

    public static Task AtTargetAsync(string title, Func<Task> ask) => AtTargetAsync(title, async () =>
    {
        await ask();
        return true;
    });

    // The fault already names its side: one call can involve both.
    private static bool IsTold(FaultException e) => e.Fault.Code.StartsWith("copy.", StringComparison.Ordinal);
}
