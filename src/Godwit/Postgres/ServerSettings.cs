using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>A setting in a new session of this role in this database.</summary>
/// <param name="Context">From pg_settings: <c>user</c>, <c>superuser</c>, <c>sighup</c>, <c>postmaster</c>,
/// <c>internal</c> ….</param>
/// <param name="Origin"><c>default</c>, <c>configuration file</c>, <c>database</c>, <c>user</c> ….</param>
/// <param name="IsDefault">The value equals PostgreSQL's built-in default, whatever its origin.</param>
public sealed record ServerSetting(
    SettingShape Shape, SettingValue Value, string Context, string Origin, bool IsDefault);

/// <summary>From ALTER DATABASE … SET or ALTER ROLE … SET.</summary>
/// <param name="Role">Null: all roles.</param>
/// <param name="IsOfDatabase">Only this database; else all databases.</param>
/// <param name="CanLogIn">Settings of a role that cannot log in have no effect.</param>
public sealed record StoredSetting(string? Role, bool IsOfDatabase, bool CanLogIn, string Name, string Text)
{
    /// <summary>PostgreSQL's precedence: the highest wins.</summary>
    public int Rank => (Role is null ? 0 : 2) + (IsOfDatabase ? 1 : 0);
}

/// <summary>Which settings the session's role may change.</summary>
/// <param name="Granted">Lower-case names beyond the ordinary ones (GRANT SET ON PARAMETER, PostgreSQL 15 and
/// newer).</param>
/// <param name="Roles">Roles that can log in.</param>
/// <param name="SeesAll">Some settings are visible only to superusers and pg_read_all_settings.</param>
public sealed record SettingRights(
    bool IsSuperuser, bool MayAlterRoles, bool OwnsDatabase, bool SeesAll, IReadOnlySet<string> Granted,
    IReadOnlySet<string> Roles)
{
    /// <summary>An ordinary role that owns its database.</summary>
    public static SettingRights None { get; } = new(
        IsSuperuser: false, MayAlterRoles: false, OwnsDatabase: true, SeesAll: false,
        new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));

    /// <param name="context">Null: no loaded module defines the setting. Then only a superuser may store it for
    /// others.</param>
    public bool MaySet(string name, string? context) =>
        context == "user"
        || (context is null or "superuser" && (IsSuperuser || Granted.Contains(name.ToLowerInvariant())));
}

/// <summary>Reads settings on PostgreSQL 12 to 18.</summary>
public static class ServerSettings
{
    private const int ParameterRightsFromMajor = 15;

    /// <summary>By name. Runs RESET ALL first: the session has limits of its own.</summary>
    public static async Task<IReadOnlyDictionary<string, ServerSetting>> ReadAsync(
        PostgresSession session, CancellationToken ct)
    {
        await session.ExecuteAsync("RESET ALL", ct);
        await LoadLanguageAsync(session, ct);
        var all = await session.RowsAsync("""
            SELECT name, setting, boot_val, unit, vartype, context, source, COALESCE(enumvals, '{}')
            FROM pg_catalog.pg_settings
            """,
            row =>
            {
                var shape = new SettingShape(row.GetString(0), row.GetString(4),
                    row.IsDBNull(3) ? null : row.GetString(3), row.GetFieldValue<string[]>(7));
                var text = row.IsDBNull(1) ? "" : row.GetString(1);
                var isDefault = SettingText.Canonical(shape, text) == SettingText.Canonical(shape,
                    row.IsDBNull(2) ? "" : row.GetString(2));
                return new ServerSetting(
                    shape, new(shape, text, SettingRules.MayHoldSecret(shape.Name, isDefined: true)), row.GetString(5),
                    row.GetString(6), isDefault);
            }, ct);
        return all.ToDictionary(one => one.Shape.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary><see cref="ServerSetting.Context"/> by name.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ContextsAsync(
        PostgresSession session, CancellationToken ct)
    {
        await LoadLanguageAsync(session, ct);
        var all = await session.RowsAsync("SELECT name, context FROM pg_catalog.pg_settings",
            row => (row.GetString(0), row.GetString(1)), ct);
        return all.ToDictionary(one => one.Item1, one => one.Item2, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>For this database and for roles. Dumps do not contain them.</summary>
    public static Task<IReadOnlyList<StoredSetting>> StoredAsync(PostgresSession session, CancellationToken ct) =>
        session.RowsAsync("""
            SELECT r.rolname::text, s.setdatabase <> 0, COALESCE(r.rolcanlogin, true),
                   pg_catalog.split_part(c, '=', 1), pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)
            FROM pg_catalog.pg_db_role_setting s
                 LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole, pg_catalog.unnest(s.setconfig) c
            WHERE s.setdatabase IN (0,
                (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
              AND (s.setrole = 0 OR r.rolname IS NOT NULL)
            ORDER BY 1 NULLS FIRST, 2, 4
            """,
            row => new StoredSetting(row.IsDBNull(0) ? null : row.GetString(0), row.GetBoolean(1), row.GetBoolean(2),
                row.GetString(3), row.GetString(4)), ct);

    public static async Task<SettingRights> RightsAsync(PostgresSession session, CancellationToken ct)
    {
        var granted = session.ServerMajor < ParameterRightsFromMajor ? [] : await session.RowsAsync(
            "SELECT parname FROM pg_catalog.pg_parameter_acl WHERE pg_catalog.has_parameter_privilege(parname, 'SET')",
            row => row.GetString(0), ct);
        var roles = await session.RowsAsync("SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolcanlogin",
            row => row.GetString(0), ct);
        var flags = await session.RowsAsync("""
            SELECT r.rolsuper, r.rolsuper OR r.rolcreaterole, pg_catalog.pg_has_role(d.datdba, 'USAGE'),
                   pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE')
            FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
            WHERE r.rolname = CURRENT_USER AND d.datname = pg_catalog.current_database()
            """, row => (Super: row.GetBoolean(0), Roles: row.GetBoolean(1), Owns: row.GetBoolean(2),
                Sees: row.GetBoolean(3)), ct);
        return new(flags[0].Super, flags[0].Roles, flags[0].Owns, flags[0].Sees,
            granted.Select(name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal),
            roles.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Settings of plpgsql (<c>plpgsql.extra_warnings</c>) exist once the language is loaded; only then may
    /// ordinary roles set them.</summary>
    public static async Task LoadLanguageAsync(PostgresSession session, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync(SettingSql.LoadLanguage, ct);
        }
        catch (FaultException e) when (PostgresSession.IsRefused(e))
        {
            // Without the language there are no such settings.
        }
    }
}
