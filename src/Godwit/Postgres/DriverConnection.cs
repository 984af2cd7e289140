using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Makes connections that know PostgreSQL's own types only. To learn the types of a database, the driver would
/// read all of pg_type at the first login: a round trip, and 10 ms of processor time at both ends.</summary>
public static class DriverConnection
{
    /// <param name="settings">Npgsql's connection string, without a pool.</param>
    /// <returns>Not yet open.</returns>
    /// <exception cref="ArgumentException">The connection string has an unknown keyword or value.</exception>
    public static NpgsqlConnection Create(Secret settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.Reveal());
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
#pragma warning disable CA2000 // Without a pool there is nothing to dispose of.
        return builder.Build().CreateConnection();
#pragma warning restore CA2000
    }
}
