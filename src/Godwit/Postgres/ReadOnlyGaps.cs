namespace Godwit.Postgres;

/// <summary>Finds who can write although a database's <c>default_transaction_read_only</c> is on.</summary>
public static class ReadOnlyGaps
{
    private const string Subscriptions = """
        SELECT pg_catalog.quote_ident(s.subname)
        FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
        WHERE d.datname = pg_catalog.current_database() AND s.subenabled ORDER BY 1
        """;

    // PostgreSQL's precedence: a role's setting in this database, then the role's, then the database's.
    private const string Overridden = """
        SELECT rolname, is_here FROM (
            SELECT DISTINCT ON (r.oid) r.rolname, s.setdatabase <> 0 AS is_here,
                   pg_catalog.split_part(c, '=', 2)::pg_catalog.bool AS is_read_only
            FROM pg_catalog.pg_db_role_setting s
                 JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, pg_catalog.unnest(s.setconfig) c
            WHERE s.setdatabase IN (0,
                (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
              AND c LIKE 'default\_transaction\_read\_only=%' AND r.rolcanlogin
              AND pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CONNECT')
            ORDER BY r.oid, s.setdatabase <> 0 DESC) narrowest
        WHERE NOT is_read_only ORDER BY 1
        """;

    /// <summary>Quoted names of enabled subscriptions. Their workers are not sessions that can be ended, and apply rows
    /// in spite of the setting.</summary>
    public static Task<IReadOnlyList<string>> SubscriptionsAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync(Subscriptions, row => row.GetString(0), ct);

    /// <summary>Roles whose own setting allows writes.</summary>
    public static Task<IReadOnlyList<OverridingRole>> OverridingAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync(Overridden, row => new OverridingRole(row.GetString(0), row.GetBoolean(1)), ct);
}

/// <param name="IsHere">Applies only in this database.</param>
public sealed record OverridingRole(string Name, bool IsHere)
{
    /// <summary>Makes the role read-only during the move.</summary>
    public string Close(string database) => $"ALTER ROLE {ServerCatalog.Quote(Name)} "
        + $"IN DATABASE {ServerCatalog.Quote(database)} SET default_transaction_read_only = on;";

    /// <summary>Restores the former setting.</summary>
    public string Reopen(string database) => IsHere
        ? $"ALTER ROLE {ServerCatalog.Quote(Name)} IN DATABASE {ServerCatalog.Quote(database)} "
            + "SET default_transaction_read_only = off;"
        : $"ALTER ROLE {ServerCatalog.Quote(Name)} IN DATABASE {ServerCatalog.Quote(database)} "
            + "RESET default_transaction_read_only;";
}
