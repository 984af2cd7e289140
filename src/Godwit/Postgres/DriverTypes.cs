using Npgsql;

namespace Godwit.Postgres;

/// <summary>Which types the driver knows.</summary>
public static class DriverTypes
{
    /// <summary>PostgreSQL's own types only: enough for catalogs, and for rows as bytes. To learn those of a database,
    /// the driver reads all of pg_type at the first login: a round trip, and 10 ms of the server's
    /// processor.</summary>
    public static NpgsqlConnectionStringBuilder OnlyPostgresOwn(NpgsqlConnectionStringBuilder settings)
    {
#pragma warning disable CS0618 // The driver's newer way is a data source for each connection, and it keeps all of them.
        settings.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading;
#pragma warning restore CS0618
        return settings;
    }
}
