using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Whether several sessions may share a snapshot of a server. A snapshot taken in recovery has another layout.
/// Servers before the minor releases of 2026-11-12 ignore that when they export or import it. An importing session then
/// reads wrong rows and can damage the standby by wrong hint bits:
/// https://www.postgresql.org/docs/release/15.20/.</summary>
/// <param name="IsInRecovery">The server is a standby, or does not say.</param>
/// <param name="WhyNot">A clause; null: sessions may share it.</param>
public sealed record SnapshotSharing(bool IsInRecovery, string? WhyNot)
{
    // By major, the first minor with correct snapshots in recovery. Majors up to 13 were never fixed.
    private static readonly IReadOnlyDictionary<int, int> MendedMinors =
        new Dictionary<int, int> { [14] = 25, [15] = 20, [16] = 16, [17] = 12, [18] = 6 };

    // Correct in all its releases.
    private const int CorrectSinceMajor = 19;

    public bool MayShare => WhyNot is null;

    /// <summary>Call before the transaction that takes the snapshot, outside of any. A running server can leave
    /// recovery but not enter it. A standby that is promoted in between still counts as a standby.</summary>
    public static async Task<SnapshotSharing> FindAsync(PostgresSession session, CancellationToken ct)
    {
        try
        {
            return Of(await ServerCatalog.IsStandbyAsync(session, ct), session.ServerVersion);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.InsufficientPrivilege))
        {
            return new(IsInRecovery: true, IsMended(session.ServerVersion) ? null
                : $"the server does not say whether it is a standby ({e.Fault.Why}), "
                    + $"and {Unmended(session.ServerVersion)}");
        }
    }

    /// <param name="held">Exported by another program.</param>
    /// <exception cref="FaultException"><c>postgres.snapshot_unsafe</c>.</exception>
    public void RequireShared(PostgresAddress address, string held)
    {
        if (WhyNot is { } why)
            throw new FaultException(PostgresFaults.SnapshotUnsafe(address, held, why));
    }

    /// <param name="version">Major and minor.</param>
    public static SnapshotSharing Of(bool isInRecovery, Version version) =>
        new(isInRecovery, isInRecovery && !IsMended(version) ? $"it is a standby, and {Unmended(version)}" : null);

    private static bool IsMended(Version version) =>
        version.Major >= CorrectSinceMajor
        || (MendedMinors.TryGetValue(version.Major, out var minor) && version.Minor >= minor);

    private static string Unmended(Version version) => MendedMinors.TryGetValue(version.Major, out var minor)
        ? $"PostgreSQL {version.Major}.{version.Minor} returns wrong rows where sessions share a snapshot of a "
            + $"standby, up to {version.Major}.{minor - 1}"
        : $"PostgreSQL {version.Major}.{version.Minor} returns wrong rows where sessions share a snapshot of a "
            + "standby, in all its releases";
}
