using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Tells who runs a server.</summary>
public static partial class ProviderRecognition
{
    /// <summary>By the host's name, else by the provider's roles, settings and extensions there.</summary>
    /// <exception cref="FaultException">The server did not answer.</exception>
    public static async Task<Provider> FindAsync(PostgresSession session, CancellationToken ct)
    {
        if (HerokuUser().IsMatch(session.Address.User) && HerokuDatabase().IsMatch(session.Address.Database))
            return Heroku.Provider;
        var traces = (await session.RowsAsync("""
            SELECT 'role', rolname::text FROM pg_catalog.pg_roles
            UNION ALL SELECT DISTINCT 'setting', pg_catalog.split_part(name, '.', 1) FROM pg_catalog.pg_settings WHERE name LIKE '%.%'
            UNION ALL SELECT 'extension', extname::text FROM pg_catalog.pg_extension
            """, row => (Kind: row.GetString(0), Name: row.GetString(1)), ct)).ToHashSet();
        return KnownProviders.All.FirstOrDefault(one => one.Host?.IsMatch(session.Address.Host) == true)
            ?? KnownProviders.All.FirstOrDefault(one => one.Roles.Any(role => traces.Contains(("role", role)))
                || one.SettingPrefixes.Any(prefix => traces.Contains(("setting", prefix)))
                || one.Extensions.Any(extension => traces.Contains(("extension", extension))))
            ?? KnownProviders.Unknown;
    }

    [GeneratedRegex("^u[a-z0-9]{10,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex HerokuUser();

    [GeneratedRegex("^d[a-z0-9]{10,16}$", RegexOptions.CultureInvariant)]
    private static partial Regex HerokuDatabase();
}
