namespace Godwit.HerokuLocal.Databases;

/// <summary>Heroku lets a database's owner create these extensions. One that this machine's PostgreSQL lacks fails with
/// another error.</summary>
internal static class Allowed
{
    /// <summary>From public reports and Heroku's own allow-list query; see docs/heroku-local.md.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        "address_standardizer", "address_standardizer_data_us", "amcheck", "autoinc", "bloom", "btree_gin",
        "btree_gist", "citext", "cube", "dblink",
        "dict_int", "dict_xsyn", "earthdistance", "fuzzystrmatch", "hstore", "insert_username", "intarray", "isn", "lo",
        "ltree", "moddatetime",
        "pg_partman", "pg_prewarm", "pg_stat_statements", "pg_trgm", "pgcrypto", "pgrowlocks", "pgstattuple", "plpgsql",
        "postgis", "postgis_raster", "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw", "refint", "seg",
        "sslinfo", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "vector", "xml2",
    ];
}
