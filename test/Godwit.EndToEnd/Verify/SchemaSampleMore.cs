namespace Godwit.EndToEnd.Verify;

/// <summary>The second half of the sample: objects built on the tables, and comments on all of it.</summary>
internal static class SchemaSampleMore
{
    public const string Views = """
        CREATE VIEW birds.plain AS SELECT id, name AS called, weight FROM birds.species
            WHERE status IN ('new', 'known') AND weight BETWEEN 1 AND 2 AND id > 3
                AND EXISTS (SELECT FROM birds.sighting g WHERE g.species = birds.species.id) ORDER BY name;
        CREATE VIEW birds.aliased WITH (security_barrier) AS SELECT t.a, t.a + 1 AS b, t.* IS NULL AS c
            FROM birds.full_identity AS t WHERE t.a > 0 GROUP BY t.a, t.* HAVING count(t.b) > 1;
        CREATE VIEW birds.joined AS SELECT s.name, count(*) AS times, max(g.at) FILTER (WHERE g.note <> '') AS last,
            row_number() OVER (ORDER BY s.name) AS nr
            FROM birds.species s JOIN birds.sighting g ON g.species = s.id LEFT JOIN birds.parent p ON p.a = s.id
                AND p.a <> 2 WHERE s.name IS DISTINCT FROM 'x' GROUP BY s.name HAVING count(*) > 1;
        CREATE VIEW birds.both_ways AS SELECT a, 'x'::text AS which FROM birds.full_identity UNION ALL SELECT b, 'y'
            FROM birds.full_identity INTERSECT SELECT 1, 'z' ORDER BY 1 LIMIT 5;
        CREATE VIEW birds.with_cte AS WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 5),
            few AS MATERIALIZED (SELECT a FROM birds.parent) SELECT n FROM up WHERE n IN (SELECT a FROM few);
        CREATE VIEW birds.functions AS SELECT x.n, EXTRACT(year FROM now()) AS y, substring('abc' FROM 2 FOR 1) AS s,
            position('b' IN 'abc') AS p, trim(BOTH 'x' FROM 'xax') AS t,
            now() AT TIME ZONE 'UTC' AS z, CASE WHEN x.n > 1 THEN 'a' ELSE NULL END AS c, COALESCE(x.n, 0) AS d,
                (ROW(1, 2)).f1, xmlserialize(CONTENT '<a/>'::xml AS text) AS x,
            overlay('abc' PLACING 'x' FROM 2) AS o, ARRAY[1, x.n] AS arr, '{"a": 1}'::jsonb -> 'a' AS j
                FROM generate_series(1, 3) AS x(n);
        CREATE VIEW birds.checked AS SELECT id, status FROM birds.species
            WHERE status::text = ANY (ARRAY['new', 'known']) OR id IN (1, 2, 3) WITH LOCAL CHECK OPTION;
        CREATE VIEW birds.sub AS SELECT q.name FROM (SELECT name FROM birds.species WHERE "user" = 'x') q;
        CREATE VIEW birds.with_default AS SELECT a, b FROM birds.full_identity;
        ALTER VIEW birds.with_default ALTER COLUMN a SET DEFAULT 5;
        COMMENT ON VIEW birds.plain IS 'easy';
        COMMENT ON COLUMN birds.plain.called IS 'its name';
        CREATE MATERIALIZED VIEW birds.filled WITH (fillfactor = 70) AS SELECT id, upper(name) AS name
            FROM birds.species;
        CREATE UNIQUE INDEX filled_id ON birds.filled (id);
        CREATE MATERIALIZED VIEW birds.empty AS SELECT 1 AS one WITH NO DATA;
        COMMENT ON MATERIALIZED VIEW birds.filled IS 'kept';
        CREATE RULE no_delete AS ON DELETE TO birds.full_identity WHERE old.a > 1 DO INSTEAD NOTHING;
        CREATE RULE logged AS ON INSERT TO birds.with_default DO INSTEAD INSERT INTO birds.full_identity (a, b)
            VALUES (new.a, new.b + 1) RETURNING a, b;
        CREATE RULE asleep AS ON UPDATE TO birds.full_identity DO ALSO NOTIFY changed;
        ALTER TABLE birds.full_identity DISABLE RULE asleep;
        COMMENT ON RULE no_delete ON birds.full_identity IS 'stays';
        """;

    public const string Functions = """
        CREATE FUNCTION birds.weigh(IN a integer, VARIADIC b numeric[] DEFAULT '{}', OUT total numeric,
            OUT "How Many" integer) LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER PARALLEL SAFE COST 7
            SET search_path = birds, pg_temp SET work_mem = '8MB' AS $body$
        BEGIN
            -- The number, and how many.
            total := 1; "How Many" := 2;
        END $body$;
        CREATE FUNCTION birds.weigh(text) RETURNS SETOF integer LANGUAGE sql IMMUTABLE ROWS 17 AS 'SELECT 1';
        CREATE FUNCTION birds.as_table(n integer DEFAULT 1 + 2) RETURNS TABLE (x integer, y text) LANGUAGE sql
            AS 'SELECT n, ''a''';
        CREATE FUNCTION birds.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE PROCEDURE birds.count_all(a integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN b := a; END';
        COMMENT ON FUNCTION birds.weigh(text) IS 'by name';
        COMMENT ON PROCEDURE birds.count_all(integer, text) IS 'all of them';
        CREATE AGGREGATE birds.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '5', COMBINEFUNC = int4pl,
            PARALLEL = SAFE);
        CREATE AGGREGATE birds.collect(text) (SFUNC = textcat, STYPE = text, FINALFUNC = upper, SSPACE = 100,
            MSFUNC = textcat, MINVFUNC = textcat, MSTYPE = text);
        CREATE AGGREGATE birds.longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >);
        COMMENT ON AGGREGATE birds.total(integer) IS 'five more';
        CREATE FUNCTION birds.near(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE
            AS 'SELECT abs($1 - $2) < 2';
        CREATE OPERATOR birds.<~> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = birds.near,
            COMMUTATOR = OPERATOR(birds.<~>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
        CREATE OPERATOR birds.!~~ (RIGHTARG = integer, FUNCTION = int4abs);
        COMMENT ON OPERATOR birds.<~> (integer, integer) IS 'close to';
        CREATE CAST (birds.size AS birds.mood) WITH INOUT;
        CREATE TRIGGER touched BEFORE INSERT OR UPDATE OF name, status ON birds.species FOR EACH ROW
            WHEN (new.status IN ('new', 'known') AND new.weight > 1) EXECUTE FUNCTION birds.touch('a', 'b');
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON birds.sighting DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION birds.touch();
        CREATE TRIGGER changed AFTER UPDATE ON birds.sighting REFERENCING OLD TABLE AS o NEW TABLE AS n
            FOR EACH STATEMENT EXECUTE FUNCTION birds.touch();
        CREATE TRIGGER resting BEFORE DELETE ON birds.sighting FOR EACH ROW EXECUTE FUNCTION birds.touch();
        ALTER TABLE birds.sighting DISABLE TRIGGER resting, ENABLE ALWAYS TRIGGER changed;
        CREATE TRIGGER of_parts AFTER INSERT ON birds.event FOR EACH ROW EXECUTE FUNCTION birds.touch();
        ALTER TABLE birds.event_2024 DISABLE TRIGGER of_parts;
        COMMENT ON TRIGGER touched ON birds.species IS 'touches';
        CREATE TEXT SEARCH DICTIONARY birds.stems (TEMPLATE = snowball, LANGUAGE = english, STOPWORDS = english);
        CREATE TEXT SEARCH CONFIGURATION birds.search (COPY = simple);
        ALTER TEXT SEARCH CONFIGURATION birds.search ALTER MAPPING FOR asciiword, word WITH birds.stems, simple;
        COMMENT ON TEXT SEARCH CONFIGURATION birds.search IS 'of birds';
        COMMENT ON TEXT SEARCH DICTIONARY birds.stems IS 'stems';
        CREATE SERVER nest_server TYPE 'postgres' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw OPTIONS
            (host 'nest.example', dbname 'nests');
        CREATE USER MAPPING FOR limosa SERVER nest_server OPTIONS (user 'robin', password 's3cr3t-nest');
        CREATE FOREIGN TABLE birds.far (a integer OPTIONS (column_name 'aa') NOT NULL,
            b text) SERVER nest_server OPTIONS (table_name 'far_away');
        CREATE SERVER spare_server FOREIGN DATA WRAPPER postgres_fdw;
        CREATE USER MAPPING FOR limosa SERVER spare_server OPTIONS (user 'wren', password 's3cr3t-spare');
        COMMENT ON SERVER nest_server IS 'far';
        COMMENT ON FOREIGN TABLE birds.far IS 'away';
        CREATE TABLE "Odd Names"."Ta""ble" ("Co lumn" integer PRIMARY KEY, "select" text DEFAULT 'it''s',
            CHECK ("Co lumn" > 0));
        CREATE INDEX "In dex" ON "Odd Names"."Ta""ble" ("select");
        ALTER FUNCTION birds.touch() DEPENDS ON EXTENSION hstore;
        ALTER INDEX birds.species_tags DEPENDS ON EXTENSION citext;
        """;

    public const string Grants = """
        GRANT SELECT, INSERT ON birds.species TO egret WITH GRANT OPTION;
        GRANT ALL ON birds.species TO heron;
        GRANT SELECT (id, note), UPDATE (note) ON birds.sighting TO egret;
        GRANT SELECT ON birds.plain TO PUBLIC;
        GRANT USAGE ON SEQUENCE birds.counter TO heron;
        REVOKE EXECUTE ON FUNCTION birds.touch() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION birds.touch() TO egret;
        GRANT USAGE ON TYPE birds.mood TO egret;
        REVOKE USAGE ON TYPE birds.mood FROM PUBLIC;
        REVOKE DELETE ON birds.cache FROM limosa;
        GRANT USAGE ON FOREIGN SERVER nest_server TO egret;
        ALTER DEFAULT PRIVILEGES IN SCHEMA birds GRANT SELECT ON TABLES TO egret;
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        """;

    /// <summary>Run last, by a superuser.</summary>
    public static string BySuperuser(int major) => $"""
        COMMENT ON CAST (birds.size AS birds.mood) IS 'odd';
        COMMENT ON LANGUAGE plduck IS 'quacks';
        COMMENT ON EVENT TRIGGER watcher IS 'watches';
        ALTER FUNCTION birds.in_c(integer) OWNER TO limosa;
        CREATE PUBLICATION few FOR TABLE birds.species, birds.sighting WITH (publish = 'insert, update');
        CREATE PUBLICATION everything FOR ALL TABLES;
        {(major < 15 ? ""
            : "CREATE PUBLICATION filtered FOR TABLE birds.full_identity (a, b) WHERE (a > 1 AND b < 5); "
                + "CREATE PUBLICATION odd FOR TABLES IN SCHEMA \"Odd Names\"; "
                + "CREATE UNIQUE INDEX cache_nulls ON birds.cache (v) NULLS NOT DISTINCT; "
                + "ALTER VIEW birds.joined SET (security_invoker = true); GRANT SELECT ON birds.joined TO heron;")}
        {(major < 14 ? ""
            : "DO $$BEGIN EXECUTE 'CREATE FUNCTION birds.atomic(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC "
                + "SELECT s.id FROM birds.species s WHERE s.id = a; SELECT count(*)::integer FROM birds.species; END'; "
                + "END$$; ALTER TABLE birds.cache ALTER v SET COMPRESSION pglz; "
                + "CREATE STATISTICS birds.on_expression ON lower(name), (weight * 2) FROM birds.species;")}
        {(major >= 13 ? "ALTER STATISTICS birds.species_stats SET STATISTICS 250;" : "")}
        """;
}
