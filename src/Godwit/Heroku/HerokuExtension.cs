namespace Godwit.Heroku;

/// <summary>An extension that Heroku lets a database's owner create. This table is for the time before a database is
/// ordered; an existing database is queried.</summary>
/// <param name="SinceMajor">The first PostgreSQL major that has it; 0: every major that Heroku runs.</param>
/// <param name="UntilMajor">The last major that has it; null: no end is known.</param>
public sealed record HerokuExtension(string Name, int SinceMajor = 0, int? UntilMajor = null)
{
    /// <summary>When the table was last compared with Heroku's documentation.</summary>
    public const string AsOf = "2026-04";

    /// <summary>PostgreSQL's own extensions, PostGIS and related ones, and the few others that Heroku builds.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-extensions-postgis-full-text-search, which refers
    /// to the database itself for the whole list (<c>SHOW extwlist.extensions</c>, on Essential plans <c>SHOW
    /// rds.allowed_extensions</c>); https://devcenter.heroku.com/articles/pgvector-heroku-postgres;
    /// https://devcenter.heroku.com/articles/postgis.</remarks>
    public static IReadOnlyList<HerokuExtension> All { get; } =
    [
        new("address_standardizer"), new("address_standardizer_data_us"), new("amcheck"), new("autoinc"), new("bloom"),
        new("btree_gin"), new("btree_gist"),
        new("citext"), new("cube"), new("dblink"), new("dict_int"), new("dict_xsyn"), new("earthdistance"),
        new("fuzzystrmatch"), new("hstore"),
        new("insert_username"), new("intarray"), new("isn"), new("lo"), new("ltree"), new("moddatetime"),
        new("pg_partman"), new("pg_prewarm"),
        new("pg_stat_statements"), new("pg_trgm"), new("pgcrypto"), new("pgrowlocks"), new("pgstattuple"),
        new("plpgsql"), new("postgis"),
        new("postgis_raster"), new("postgis_tiger_geocoder"), new("postgis_topology"), new("postgres_fdw"),
        new("refint"), new("seg"), new("sslinfo"),
        new("tablefunc"), new("tcn"), new("tsm_system_rows"), new("tsm_system_time"), new("unaccent"), new("uuid-ossp"),
        new("vector", SinceMajor: 15), new("xml2"),
    ];

    public static IEnumerable<string> OfMajor(int major) =>
        All.Where(one => one.SinceMajor <= major && (one.UntilMajor is not { } last || major <= last))
            .Select(one => one.Name);
}
