using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess.Checks.Server;

/// <summary>Whether the source is a writable primary, as the freeze needs.</summary>
internal sealed class WritableCheck : ICheck
{
    // Our own session is read-only: the reset value shows a new one's default. PostgreSQL's precedence decides between
    // several settings.
    private const string ReadOnlyBy = """
        SELECT COALESCE(
          (SELECT CASE WHEN r.setrole <> 0 AND r.setdatabase <> 0 THEN 'role in database' WHEN r.setrole <> 0
              THEN 'role' WHEN r.setdatabase <> 0 THEN 'database' ELSE 'all' END
           FROM pg_catalog.pg_db_role_setting r, pg_catalog.unnest(r.setconfig) s
           WHERE r.setdatabase IN (0,
               (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
             AND r.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = SESSION_USER))
             AND s LIKE 'default\_transaction\_read\_only=%'
           ORDER BY r.setrole <> 0 DESC, r.setdatabase <> 0 DESC LIMIT 1),
          'server')
        FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only' AND reset_val = 'on'
        """;

    public string Name => "writable";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var source = world.Source;
        if (!world.Request.Freezes || world.Request.IsFrozen)
            return;
        if (await ServerCatalog.IsStandbyAsync(source, ct))
        {
            var instead = world.Provider.EndPoint(EndPointKind.ReadOnly, source.Address)?.Instead(source.Address)
                ?? "the primary's URL";
            notes.Add(WritableFindings.Standby(source.Address, instead));
            return;
        }

        if (await source.ScalarAsync<string>(ReadOnlyBy, ct) is { } by)
            notes.Add(ReadOnly(world, by));
    }

    private static Finding ReadOnly(AssessWorld world, string by)
    {
        var (database, user) = (ServerCatalog.Quote(world.Source.Address.Database),
            ServerCatalog.Quote(world.Source.Address.User));
        var (where, reset) = by switch
        {
            "role in database" => ($"for the role {user} in this database",
                $"ALTER ROLE {user} IN DATABASE {database} RESET default_transaction_read_only;"),
            "role" => ($"for the role {user}", $"ALTER ROLE {user} RESET default_transaction_read_only;"),
            "database" => ("for this database", $"ALTER DATABASE {database} RESET default_transaction_read_only;"),
            "all" => ("for all roles", "ALTER ROLE ALL RESET default_transaction_read_only;"),
            _ => ("for the whole server", "ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf();"),
        };
        // New sessions are read-only: it has to work line by line, in one go, and behind psql -c.
        return WritableFindings.ReadOnly(world.Source.Address, where,
            by != "server" ? $"To end it: BEGIN READ WRITE; {reset} COMMIT;"
                : world.Provider.Remedies.LiftReadOnly ?? $"To end it: {reset}");
    }
}
