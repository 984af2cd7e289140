using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Providers;

public static class ProviderRecognition
{
    // pg_settings lacks settings that only ALTER DATABASE defines; current_setting finds them.
    private const string Traces = """
        SELECT 'role', rolname::text FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)
        UNION ALL SELECT DISTINCT 'setting', pg_catalog.split_part(name, '.', 1) FROM pg_catalog.pg_settings
        WHERE name LIKE '%.%'
        UNION ALL SELECT 'extension', extname::text FROM pg_catalog.pg_extension
        UNION ALL SELECT 'database', datname::text FROM pg_catalog.pg_database WHERE datname = ANY ($2)
        UNION ALL SELECT 'allow list', $3 WHERE pg_catalog.current_setting($3, true) <> ''
        """;

    /// <summary>Looks at the shape of names and the host, then at roles, settings, extensions and databases of the
    /// server.</summary>
    /// <exception cref="FaultException">The server did not answer.</exception>
    public static async Task<Provider> FindAsync(PostgresSession session, CancellationToken ct)
    {
        if (OfAddress(session.Address) is { } named && named != AwsRds.Provider)
            return named;
        var traces = (await session.RowsAsync(Traces, row => (Kind: row.GetString(0), Name: row.GetString(1)), ct,
            KnownProviders.All.SelectMany(one => one.Roles).ToArray(),
            KnownProviders.All.SelectMany(one => one.Databases).ToArray(), Heroku.AllowListSetting)).ToHashSet();
        var listsExtensions = traces.Contains(("allow list", Heroku.AllowListSetting));
        if (listsExtensions && Heroku.MayHaveGiven(session.Address.Database))
            return Heroku.Provider;
        if (OfAddress(session.Address) is { } byHost)
            return byHost;
        return OfTraces(traces) ?? (listsExtensions ? Heroku.Provider : KnownProviders.Unknown);
    }

    /// <param name="traces">By kind: <c>role</c>, <c>setting</c> (the part before the dot), <c>extension</c>,
    /// <c>database</c>.</param>
    internal static Provider? OfTraces(IReadOnlySet<(string Kind, string Name)> traces)
    {
        var best = KnownProviders.All.MaxBy(one => Signs(one, traces))!;
        return Signs(best, traces) > 0 ? best : null;
    }

    /// <summary>Asks no server. Null: the address identifies none.</summary>
    public static Provider? OfAddress(PostgresAddress address)
    {
        var host = address.Host.TrimEnd('.');
        var byHost = KnownProviders.All.FirstOrDefault(one => one.Host?.IsMatch(host) == true);
        return (byHost is null || byHost == AwsRds.Provider) && Heroku.HasGiven(address.User, address.Database)
            ? Heroku.Provider : byHost;
    }

    // Five providers share a platform. The right one has its own role as an additional sign.
    private static int Signs(Provider one, IReadOnlySet<(string Kind, string Name)> traces) =>
        one.Roles.Count(role => traces.Contains(("role", role)))
        + one.SettingPrefixes.Count(prefix => traces.Contains(("setting", prefix)))
        + one.Extensions.Count(extension => traces.Contains(("extension", extension)))
        + one.Databases.Count(database => traces.Contains(("database", database)));
}
