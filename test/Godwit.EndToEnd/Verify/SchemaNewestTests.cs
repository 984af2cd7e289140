using Godwit.EndToEnd.Migration;
using Godwit.Proof;

namespace Godwit.EndToEnd.Verify;

/// <summary>Features of PostgreSQL 18 only. There is no pg_dump of 18 here, so the same statements make both
/// sides.</summary>
public sealed class SchemaNewestTests(OtherServers others, SchemaCopies copies)
{
    /// <summary>The comparing role may use the schema, because the target must print definitions that the two sides
    /// print differently.</summary>
    private const string Made = $$"""
        CREATE SCHEMA birds;
        GRANT USAGE ON SCHEMA birds TO {{SchemaSample.Role}};
        CREATE TABLE birds.species (id integer PRIMARY KEY, name text NOT NULL,
            twice integer GENERATED ALWAYS AS (id * 2) VIRTUAL, thrice integer GENERATED ALWAYS AS (id * 3) STORED,
            CONSTRAINT checked CHECK (id > 0) NOT ENFORCED, CONSTRAINT also CHECK (id < 100));
        CREATE TABLE birds.late (a integer, b integer);
        ALTER TABLE birds.late ADD CONSTRAINT filled NOT NULL a NOT VALID,
            ADD CONSTRAINT both_filled NOT NULL b NO INHERIT;
        CREATE TABLE birds.stay (id int4range, during daterange, species integer REFERENCES birds.species NOT ENFORCED,
            PRIMARY KEY (id, during WITHOUT OVERLAPS));
        CREATE COLLATION birds.plain (PROVIDER = builtin, LOCALE = 'C.UTF-8');
        CREATE DOMAIN birds.known AS text CONSTRAINT is_known NOT NULL;
        CREATE VIEW birds.grouped AS SELECT name, count(*) AS times FROM birds.species GROUP BY name
            HAVING count(*) > 1 ORDER BY name;
        CREATE VIEW birds.json AS SELECT j.a, JSON_OBJECT('a': 1) AS o
            FROM JSON_TABLE('[{"a": 1}]', '$[*]' COLUMNS (a integer PATH '$.a')) j;
        """;

    [Fact]
    public async Task The_newest_properties_are_compared_as_well()
    {
        var server = await others.OfMajorAsync(18);
        await SchemaCopies.MakeRolesAsync(server);
        var (one, other) = (await copies.CloneAsync(server, SchemaCopies.Empty, Made),
            await copies.CloneAsync(server, SchemaCopies.Empty, Made));
        var same = await SchemaCopies.CompareAsync(server, one, server, other);
        Assert.Empty(same.Objects);
        Assert.Empty(same.Omissions);

        await server.ExecuteAsync(other, """
            ALTER TABLE birds.species DROP COLUMN twice, DROP CONSTRAINT checked, DROP CONSTRAINT also;
            ALTER TABLE birds.species ADD COLUMN twice integer GENERATED ALWAYS AS (id * 2) STORED,
                ADD CONSTRAINT checked CHECK (id > 0), ADD CONSTRAINT also CHECK (id < 100) NOT ENFORCED;
            ALTER TABLE birds.late VALIDATE CONSTRAINT filled, ALTER CONSTRAINT both_filled INHERIT;
            ALTER TABLE birds.stay ALTER CONSTRAINT stay_species_fkey ENFORCED, DROP CONSTRAINT stay_pkey,
                ADD CONSTRAINT stay_pkey PRIMARY KEY (id, during);
            DROP COLLATION birds.plain; CREATE COLLATION birds.plain (PROVIDER = builtin, LOCALE = 'C');
            CREATE OR REPLACE VIEW birds.grouped AS SELECT name, count(*) AS times FROM birds.species GROUP BY name
                HAVING count(*) > 2 ORDER BY name
            """, TestContext.Current.CancellationToken);
        var result = await SchemaCopies.CompareAsync(server, one, server, other);
        Assert.All(result.Objects, found => Assert.Equal(Outcome.Different, found.Outcome));
        Assert.Equal(
            [
                ("check constraint", "also on birds.species"), ("check constraint", "checked on birds.species"),
                ("collation", "birds.plain"), ("column", "birds.late.a"), ("column", "birds.late.b"),
                ("column", "birds.species.twice"), ("column order", "birds.species"),
                ("foreign key constraint", "stay_species_fkey on birds.stay"), ("index", "birds.stay_pkey"),
                ("primary key constraint", "stay_pkey on birds.stay"), ("view", "birds.grouped"),
            ],
            result.Objects.Select(found => (found.Class, found.Name)).Order());
    }

    /// <summary>The columns and the domain do not differ.</summary>
    [Fact]
    public async Task Names_of_NOT_NULL_constraints_are_compared()
    {
        var server = await others.OfMajorAsync(18);
        await SchemaCopies.MakeRolesAsync(server);
        var (one, other) = (await copies.CloneAsync(server, SchemaCopies.Empty, Made),
            await copies.CloneAsync(server, SchemaCopies.Empty, Made));
        await server.ExecuteAsync(other, """
            ALTER TABLE birds.species RENAME CONSTRAINT species_name_not_null TO has_name;
            ALTER DOMAIN birds.known RENAME CONSTRAINT is_known TO known_not_null
            """, TestContext.Current.CancellationToken);

        var result = await SchemaCopies.CompareAsync(server, one, server, other);

        Assert.Equal(
            [
                ("domain constraint", "is_known on birds.known", true),
                ("domain constraint", "known_not_null on birds.known", false),
                ("not-null constraint", "has_name on birds.species", false),
                ("not-null constraint", "species_name_not_null on birds.species", true),
            ],
            result.Objects.Select(found => (found.Class, found.Name, found.Source is not null)).Order());
    }

    [Fact]
    public async Task Encoding_and_collation_of_the_database_are_told_and_are_nobody_s_mistake()
    {
        var server = await others.OfMajorAsync(18);
        await SchemaCopies.MakeRolesAsync(server);
        var one = await copies.CloneAsync(server, SchemaCopies.Empty, Made);
        var other = one + "_c";
        await server.ExecuteAsync("postgres",
            $"CREATE DATABASE {other} TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'",
            TestContext.Current.CancellationToken);
        await server.ExecuteAsync(other, Made, TestContext.Current.CancellationToken);

        var result = await SchemaCopies.CompareAsync(server, one, server, other);

        var found = Assert.Single(result.Objects);
        Assert.Equal(("database", "encoding and collation", Outcome.Expected),
            (found.Class, found.Name, found.Outcome));
        Assert.Contains("provider: builtin", found.Target, StringComparison.Ordinal);
        await server.ExecuteAsync("postgres", $"DROP DATABASE {other} WITH (FORCE)",
            TestContext.Current.CancellationToken);
    }
}
