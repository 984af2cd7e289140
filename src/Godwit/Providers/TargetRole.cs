using Godwit.Postgres;

namespace Godwit.Providers;

/// <param name="MayOwn">Our login may act as this role, so the role can own what we restore.</param>
/// <param name="IsOurs">The role is our login.</param>
public sealed record TargetRole(string Name, bool MayOwn, bool IsOurs)
{
    // Since this major, a membership may lack the right to SET ROLE. https://www.postgresql.org/docs/16/release-16.html
    private const int SetOptionSince = 16;

    public static async Task<IReadOnlyList<TargetRole>> AllAsync(PostgresSession target, CancellationToken ct) =>
        await target.RowsAsync($"""
            SELECT r.rolname::text, pg_catalog.pg_has_role(r.oid, 'USAGE')
                AND pg_catalog.pg_has_role(r.oid, '{(target.ServerMajor < SetOptionSince ? "MEMBER" : "SET")}'),
                   r.rolname = current_user
            FROM pg_catalog.pg_roles r
            """, row => new TargetRole(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2)), ct);
}
