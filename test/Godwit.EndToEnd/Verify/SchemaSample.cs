namespace Godwit.EndToEnd.Verify;

/// <summary>A database with every class of object, made in the ways whose definitions servers print
/// differently.</summary>
internal static class SchemaSample
{
    /// <summary>Owns all that an ordinary role can own, and reads both sides.</summary>
    public const string Role = "limosa";

    /// <summary>Roles with grants.</summary>
    public static readonly string[] Others = ["egret", "heron"];

    /// <summary>Run first, by a superuser: objects that need one.</summary>
    public const string BySuperuser = """
        CREATE EXTENSION citext SCHEMA public;
        CREATE EXTENSION hstore SCHEMA public;
        COMMENT ON EXTENSION hstore IS 'pairs of keys and values, as we call them';
        CREATE EXTENSION postgres_fdw SCHEMA public;
        CREATE EXTENSION bloom SCHEMA public;
        CREATE FOREIGN DATA WRAPPER nothing OPTIONS (a 'b');
        CREATE ACCESS METHOD spare TYPE TABLE HANDLER heap_tableam_handler;
        CREATE SCHEMA birds AUTHORIZATION limosa;
        CREATE SCHEMA "Odd Names" AUTHORIZATION limosa;
        CREATE SCHEMA hollow AUTHORIZATION limosa;
        GRANT ALL ON SCHEMA public TO limosa;
        GRANT USAGE ON SCHEMA public TO egret;
        GRANT USAGE ON SCHEMA birds TO egret;
        GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO limosa;
        CREATE TYPE birds.pair;
        CREATE FUNCTION birds.pair_in(cstring) RETURNS birds.pair LANGUAGE internal IMMUTABLE STRICT AS 'textin';
        CREATE FUNCTION birds.pair_out(birds.pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
        CREATE TYPE birds.pair (INPUT = birds.pair_in, OUTPUT = birds.pair_out, LIKE = text, CATEGORY = 'S',
            DELIMITER = ';');
        CREATE TYPE birds.shell;
        CREATE OPERATOR FAMILY birds.backwards_ops USING btree;
        CREATE FUNCTION birds.backwards(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $2 - $1';
        CREATE OPERATOR CLASS birds.int4_backwards FOR TYPE integer USING btree FAMILY birds.backwards_ops AS
            OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <,
                FUNCTION 1 birds.backwards(integer, integer);
        CREATE OPERATOR FAMILY birds.empty_ops USING hash;
        CREATE TEXT SEARCH TEMPLATE birds.plain (INIT = dsimple_init, LEXIZE = dsimple_lexize);
        CREATE TEXT SEARCH PARSER birds.words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
            LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
        CREATE CONVERSION birds.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE FUNCTION birds.duck_call() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql',
            'plpgsql_call_handler';
        CREATE FUNCTION birds.duck_inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql',
            'plpgsql_inline_handler';
        CREATE FUNCTION birds.duck_check(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
        CREATE TRUSTED LANGUAGE plduck HANDLER birds.duck_call INLINE birds.duck_inline VALIDATOR birds.duck_check;
        CREATE ACCESS METHOD nest TYPE TABLE HANDLER heap_tableam_handler;
        CREATE FUNCTION birds.to_int(public.citext) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
            AS 'SELECT length($1::text)';
        CREATE CAST (public.citext AS integer) WITH FUNCTION birds.to_int(public.citext) AS ASSIGNMENT;
        CREATE FUNCTION birds.of_hstore(internal) RETURNS internal LANGUAGE internal AS 'int4recv';
        CREATE TRANSFORM FOR integer LANGUAGE plduck (TO SQL WITH FUNCTION int4recv(internal),
            FROM SQL WITH FUNCTION prsd_lextype(internal));
        CREATE FUNCTION birds.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
        CREATE EVENT TRIGGER watcher ON ddl_command_end
            WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION birds.watch();
        CREATE EVENT TRIGGER sleeper ON sql_drop EXECUTE FUNCTION birds.watch();
        ALTER EVENT TRIGGER sleeper DISABLE;
        CREATE FUNCTION birds.leak(integer) RETURNS integer LANGUAGE sql LEAKPROOF IMMUTABLE AS 'SELECT $1';
        CREATE FUNCTION birds.in_c(integer) RETURNS integer LANGUAGE internal AS 'int4abs';
        CREATE FUNCTION birds.range_diff(double precision, double precision) RETURNS double precision
            LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
        """;

    /// <summary>Run by the ordinary role, in any version.</summary>
    public const string Common = """
        COMMENT ON SCHEMA birds IS 'waders and others';
        CREATE TYPE birds.mood AS ENUM ('calm', 'it''s hungry', 'angry');
        CREATE TYPE birds.size AS (width integer, "Height" numeric(8,2), label text COLLATE "C");
        COMMENT ON TYPE birds.size IS 'a size';
        COMMENT ON COLUMN birds.size.width IS 'in millimetres';
        CREATE DOMAIN birds.positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
        ALTER DOMAIN birds.positive ADD CONSTRAINT below_million CHECK (VALUE BETWEEN 1 AND 999999
            AND VALUE <> 13) NOT VALID;
        COMMENT ON CONSTRAINT above_zero ON DOMAIN birds.positive IS 'really';
        CREATE DOMAIN birds.code AS varchar(10) COLLATE "C" CHECK (VALUE IN ('a', 'b'));
        CREATE TYPE birds.span AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi);
        CREATE TYPE birds.letters AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
        CREATE COLLATION birds.posix (LOCALE = 'C');
        CREATE COLLATION birds.german (PROVIDER = icu, LOCALE = 'de-DE');
        CREATE COLLATION birds.loose (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
        CREATE COLLATION birds.phonebook (PROVIDER = icu, LOCALE = 'de_DE@collation=phonebook');
        CREATE COLLATION birds.weak (PROVIDER = icu, LOCALE = '@colStrength=secondary;colNumeric=yes',
            DETERMINISTIC = false);
        COMMENT ON COLLATION birds.german IS 'ordered as in Germany';

        CREATE TABLE birds.species (
            id integer GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 CACHE 3) PRIMARY KEY,
            name text NOT NULL COLLATE "C" UNIQUE,
            status varchar(20) DEFAULT 'new' CHECK (status IN ('new', 'known', 'gone')),
            mood birds.mood DEFAULT 'calm',
            weight numeric(10,3) CHECK (weight BETWEEN 0 AND 1000 AND weight <> 7),
            tags text[] DEFAULT '{}' NOT NULL,
            seen timestamptz DEFAULT now() + interval '1 day',
            size birds.size, n birds.positive, c birds.code, ci public.citext, h public.hstore,
            twice integer GENERATED ALWAYS AS (length(name) * 2) STORED,
            "Mixed Case" text, "user" text, big text,
            EXCLUDE USING btree (name WITH =) DEFERRABLE INITIALLY DEFERRED) WITH (fillfactor = 80,
                toast.autovacuum_enabled = off);
        ALTER TABLE birds.species ALTER big SET STORAGE EXTERNAL, ALTER weight SET STATISTICS 500,
            ALTER name SET (n_distinct = -0.5), ADD CONSTRAINT later CHECK (weight < 5000) NOT VALID;
        ALTER TABLE birds.species ADD CONSTRAINT nested CHECK (((id > 0 OR weight > 1) OR n > 2)
            AND (c IS NULL OR (name, status) <> ('a', 'b')));
        COMMENT ON TABLE birds.species IS E'every bird\nthere is; it''s said';
        COMMENT ON COLUMN birds.species.weight IS 'in grams';
        COMMENT ON CONSTRAINT later ON birds.species IS 'one day';
        CREATE INDEX species_lower ON birds.species (lower(name) DESC NULLS FIRST, status) INCLUDE (weight)
            WHERE status IN ('new', 'known');
        CREATE INDEX species_tags ON birds.species USING gin (tags) WITH (fastupdate = off);
        CREATE INDEX species_expr ON birds.species ((weight * 2), (name || 'x') text_pattern_ops);
        ALTER INDEX birds.species_expr ALTER COLUMN 1 SET STATISTICS 300;
        CREATE UNIQUE INDEX species_identity ON birds.species (name, id);
        CREATE INDEX species_back ON birds.species (id birds.int4_backwards);
        ALTER TABLE birds.species REPLICA IDENTITY USING INDEX species_identity;
        ALTER TABLE birds.species CLUSTER ON species_expr;
        COMMENT ON INDEX birds.species_tags IS 'for searching';
        CREATE STATISTICS birds.species_stats (dependencies, ndistinct) ON name, status FROM birds.species;
        COMMENT ON STATISTICS birds.species_stats IS 'they hang together';

        CREATE TABLE birds.sighting (id bigserial PRIMARY KEY, species integer REFERENCES birds.species
            ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE, at timestamptz, note text,
            CONSTRAINT unchecked CHECK (note <> '') NO INHERIT);
        ALTER TABLE birds.sighting ADD CONSTRAINT species_again FOREIGN KEY (species)
            REFERENCES birds.species (id) NOT VALID;
        ALTER TABLE birds.sighting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY seen ON birds.sighting AS RESTRICTIVE FOR
            SELECT TO egret, heron USING (species > 0 AND note IS NOT NULL);
        CREATE POLICY made ON birds.sighting FOR INSERT WITH CHECK (note <> 'x');
        CREATE POLICY everything ON birds.sighting
            USING (id IN (SELECT s.id FROM birds.species s WHERE s.name = current_user)) WITH CHECK (true);
        COMMENT ON POLICY seen ON birds.sighting IS 'for two';
        CREATE UNLOGGED TABLE birds.cache (k text PRIMARY KEY, v text);
        CREATE TABLE birds.sized OF birds.size (PRIMARY KEY (width));
        CREATE TABLE birds.full_identity (a integer, b integer);
        ALTER TABLE birds.full_identity REPLICA IDENTITY FULL;
        CREATE TABLE birds.nested_table (a integer) USING nest;

        CREATE TABLE birds.parent (a integer NOT NULL, b text DEFAULT 'p', CHECK (a > 0));
        CREATE TABLE birds.child (c integer) INHERITS (birds.parent);
        CREATE TABLE birds.late_child (own integer) INHERITS (birds.parent);
        ALTER TABLE birds.parent ADD COLUMN added integer;

        CREATE TABLE birds.event (id integer, day date NOT NULL, kind text, species integer REFERENCES birds.species,
            PRIMARY KEY (id, day, kind)) PARTITION BY RANGE (day);
        CREATE TABLE birds.event_2024 PARTITION OF birds.event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE birds.event_2025 PARTITION OF birds.event FOR VALUES
            FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (kind);
        CREATE TABLE birds.event_2025_a PARTITION OF birds.event_2025 FOR VALUES IN ('a', 'b');
        CREATE TABLE birds.event_rest (kind text NOT NULL, species integer, id integer NOT NULL, day date NOT NULL);
        ALTER TABLE birds.event ATTACH PARTITION birds.event_rest DEFAULT;
        CREATE INDEX event_kind ON birds.event (kind);
        CREATE TABLE birds.hashed (k text) PARTITION BY HASH (lower(k));
        CREATE TABLE birds.hashed_0 PARTITION OF birds.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE birds.hashed_1 PARTITION OF birds.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE birds.of_event (id integer, day date, kind text, species integer REFERENCES birds.species,
            FOREIGN KEY (id, day, kind) REFERENCES birds.event);

        CREATE SEQUENCE birds.counter AS integer START 5 INCREMENT 2 MINVALUE 3 MAXVALUE 999 CYCLE CACHE 4;
        CREATE SEQUENCE birds.down INCREMENT -1 START -1;
        CREATE SEQUENCE birds.fresh;
        CREATE SEQUENCE birds.owned;
        ALTER SEQUENCE birds.owned OWNED BY birds.sighting.note;
        SELECT setval('birds.counter', 41), setval('birds.down', -20), setval('birds.fresh', 7, false);
        COMMENT ON SEQUENCE birds.counter IS 'counts';
        """;
}
