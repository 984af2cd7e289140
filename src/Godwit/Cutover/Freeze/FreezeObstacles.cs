using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Cutover.Freeze;

/// <summary>What can still write when the source is read-only and its sessions have ended.</summary>
internal static class FreezeObstacles
{
    // COMMIT PREPARED is allowed in a read-only session. Other databases' transactions do not matter.
    private const string Prepared = """
        SELECT gid,
               pg_catalog.format('%L of %s since %s', gid, owner, pg_catalog.to_char(prepared, 'YYYY-MM-DD HH24:MI TZ'))
        FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY prepared
        """;

    private const string Open = """
        SELECT pg_catalog.format('%I (%s)', r.rolname,
            CASE WHEN r.rolsuper THEN 'a superuser' ELSE 'a member of ' || pg_catalog.quote_ident(session_user) END)
        FROM pg_catalog.pg_roles r
        WHERE r.rolcanlogin AND r.rolname <> session_user
            AND pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CONNECT') ORDER BY 1
        """;

    /// <returns>Name, and a text for people: name, owner, age.</returns>
    public static Task<IReadOnlyList<(string Gid, string Named)>> PreparedAsync(
        PostgresSession session, CancellationToken ct) =>
        session.RowsAsync(Prepared, row => (row.GetString(0), row.GetString(1)), ct);

    /// <summary>Roles that may connect without a grant.</summary>
    public static Task<IReadOnlyList<string>> NotLockedOutAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync(Open, row => row.GetString(0), ct);

    public static string Some(IReadOnlyCollection<string> names) => Phrase.List(names);
}
