using System.Text;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Verify.Queries;

namespace Godwit.Verify.Repair;

/// <summary>An SQL file that makes the target's rows equal.</summary>
/// <param name="Objects">Large objects.</param>
/// <param name="Views">Refreshed materialized views.</param>
/// <param name="Left">Differences that the script does not repair, with reasons.</param>
public sealed record RepairScript(
    string Path, long Deleted, long Updated, long Inserted, long Objects, long Sequences, long Views,
    IReadOnlyList<string> Left)
{
    public long Statements => Deleted + Updated + Inserted + Objects + Sequences + Views;

    /// <summary>At the target, in one transaction.</summary>
    /// <exception cref="FaultException">The target refuses a statement, or is the source.</exception>
    public async Task ApplyAsync(PostgresAddress source, PostgresAddress target, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(target, ct);
        await using (var other = await PostgresSession.OpenAsync(source, ct))
        {
            if (await ServerCatalog.IsSameDatabaseAsync(other, session, ct))
                throw new FaultException(VerifyFaults.SameDatabase(source));
        }

        using var reader = new StreamReader(Path, Encoding.UTF8);
        foreach (var (line, statement) in new SqlSplitter(reader).Statements())
        {
            try
            {
                await session.ExecuteAsync(statement, ct);
            }
            catch (FaultException e) when (PostgresSession.StateOf(e) is not null)
            {
                throw new FaultException(VerifyFaults.RepairRefused(target, Path, line, e.Fault.Why), e);
            }
        }
    }
}
