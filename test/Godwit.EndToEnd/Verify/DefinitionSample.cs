namespace Godwit.EndToEnd.Verify;

/// <summary>Definitions of every kind, and those that minors of November 2026 print differently than earlier ones:
/// <c>IS DOCUMENT</c>, the alias of a target, a subquery at the left, <c>AT TIME ZONE</c> after FROM.</summary>
internal static class DefinitionSample
{
    /// <summary>A view that minors before November 2026 print in a form that cannot be parsed again.</summary>
    public const string Zones = "order.zones";

    /// <param name="isReadBack">True adds definitions that such a minor prints in a form that cannot be parsed again:
    /// <c>IS DOCUMENT</c> in a list of columns, <see cref="Zones"/>.</param>
    public static string Made(int major, bool isReadBack) =>
        Made(major, isReadBack ? "x IS DOCUMENT" : "x IS NULL") + (major >= 14 && isReadBack ? ZonesMade : "");

    private const string ZonesMade = """
        ;
        SET ROLE limosa;
        CREATE VIEW "order".zones AS SELECT z.z, e.e FROM CAST(now() AT TIME ZONE 'UTC' AS timestamp) AS z,
            EXTRACT(year FROM now()) AS e;
        RESET ROLE
        """;

    private static string Made(int major, string element) => $"""
        CREATE SCHEMA "order" AUTHORIZATION limosa;
        SET ROLE limosa;
        CREATE DOMAIN "order".page AS text DEFAULT CASE WHEN '<a/>'::xml IS DOCUMENT
            THEN 'a' END CONSTRAINT whole CHECK (VALUE::xml IS DOCUMENT);
        CREATE TABLE "order".log (n integer, "select" text);
        CREATE TABLE "order"."user" (id integer, x xml, note text, at timestamptz,
            given boolean DEFAULT ('<a/>'::xml IS DOCUMENT),
            made boolean GENERATED ALWAYS AS (x IS DOCUMENT) STORED,
            CONSTRAINT whole CHECK (note::xml IS DOCUMENT OR id > 0) NOT VALID,
                CONSTRAINT apart EXCLUDE (lower(note) WITH =, id WITH =) WHERE (x IS DOCUMENT) DEFERRABLE);
        CREATE INDEX by_kind ON "order"."user" (id DESC, ({element}) DESC NULLS LAST,
            lower(note) COLLATE "C" text_pattern_ops) INCLUDE (at) WHERE NOT x IS DOCUMENT;
        CREATE INDEX by_condition ON "order"."user" (id) WHERE x IS DOCUMENT;
        CREATE TABLE "order".parted (id integer, x xml) PARTITION BY LIST (({element}));
        CREATE POLICY whole ON "order"."user" USING (x IS DOCUMENT)
            WITH CHECK (note::xml IS DOCUMENT AND id IN (SELECT l.n FROM "order".log l));
        CREATE FUNCTION "order".touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER touched AFTER UPDATE ON "order"."user" FOR EACH ROW WHEN (new.x IS DOCUMENT
            AND old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION "order".touch('WHEN (a) EXECUTE');
        CREATE FUNCTION "order".defaults(a integer DEFAULT 1, b boolean DEFAULT ('<a/>'::xml IS DOCUMENT),
            OUT c integer) LANGUAGE plpgsql AS 'BEGIN c := 1; END';
        CREATE VIEW "order".whole AS SELECT id, note::xml IS DOCUMENT AS whole FROM "order"."user"
            WHERE id > 0 AND note::xml IS DOCUMENT;
        CREATE MATERIALIZED VIEW "order".kept AS SELECT id, x IS DOCUMENT AS whole FROM "order"."user" WITH NO DATA;
        CREATE VIEW "order".leftmost AS SELECT id FROM "order"."user"
            WHERE ((SELECT max(n) FROM "order".log) + 1) > id AND (SELECT 1) = ANY (ARRAY[id, 2]);
        ALTER VIEW "order".leftmost ALTER COLUMN id SET DEFAULT CASE WHEN '<a/>'::xml IS DOCUMENT THEN 1 END;
        CREATE RULE logged AS ON UPDATE TO "order"."user"
            WHERE new.x IS DOCUMENT DO ALSO (UPDATE "order".log l SET n = l.n + 1 WHERE l.n = old.id;
        DELETE FROM "order".log l WHERE l.n = new.id);
        CREATE RULE written AS ON INSERT TO "order".leftmost DO INSTEAD INSERT INTO "order".log
            VALUES (new.id, 'a;b') RETURNING n;
        {(major >= 14 ? Since14.Replace("ELEMENT", element, StringComparison.Ordinal) : "")}
        RESET ROLE
        """;

    private const string Since14 = """
        CREATE STATISTICS "order".kinds ON id, (ELEMENT), lower(note) FROM "order"."user";
        DO $$BEGIN EXECUTE 'CREATE FUNCTION "order".constants(a integer, OUT b text) LANGUAGE sql BEGIN ATOMIC
            UPDATE "order".log l SET n = constants.a WHERE l.n = 1; SELECT ''x'', ''y''; SELECT ''x;y''; END'; END$$;
        DO $$BEGIN EXECUTE 'CREATE FUNCTION "order".returned(a xml) RETURNS boolean LANGUAGE sql
            RETURN a IS DOCUMENT'; END$$;
        """;

    /// <summary>One real difference of each kind, made at the target, and where it must be found.</summary>
    public static IReadOnlyList<(string Sql, string Class, string Name, int Since)> Mutations { get; } =
    [
        ("ALTER DOMAIN \"order\".page SET DEFAULT CASE WHEN '<b/>'::xml IS DOCUMENT THEN 'a' END", "domain",
            "order.page", 12),
        ("ALTER DOMAIN \"order\".page DROP CONSTRAINT whole; ALTER DOMAIN \"order\".page ADD CONSTRAINT whole "
            + "CHECK (NOT VALUE::xml IS DOCUMENT)", "domain constraint", "whole on order.page", 12),
        ("ALTER TABLE \"order\".user ALTER given SET DEFAULT ('<b/>'::xml IS DOCUMENT)", "column",
            "order.user.given", 12),
        ("ALTER TABLE \"order\".user DROP CONSTRAINT whole, ADD CONSTRAINT whole CHECK (note::xml IS DOCUMENT OR id > "
            + "1) NOT VALID", "check constraint", "whole on order.user", 12),
        ("ALTER TABLE \"order\".user DROP CONSTRAINT apart, ADD CONSTRAINT apart EXCLUDE (lower(note) WITH =, "
            + "id WITH =) WHERE (NOT x IS DOCUMENT) DEFERRABLE", "exclusion constraint", "apart on order.user", 12),
        ("DROP INDEX \"order\".by_kind; CREATE INDEX by_kind ON \"order\".user (id DESC, (NOT x IS DOCUMENT) "
            + "DESC NULLS LAST, lower(note) COLLATE \"C\" text_pattern_ops) INCLUDE (at) WHERE NOT x IS DOCUMENT",
            "index", "order.by_kind", 12),
        ("DROP INDEX \"order\".by_condition; CREATE INDEX by_condition ON \"order\".user (id) "
            + "WHERE x IS DOCUMENT AND id > 0", "index", "order.by_condition", 12),
        ("DROP TABLE \"order\".parted; CREATE TABLE \"order\".parted (id integer, x xml) PARTITION BY LIST ((NOT x "
            + "IS DOCUMENT)); ALTER TABLE \"order\".parted OWNER TO limosa", "partitioned table", "order.parted", 12),
        ("ALTER POLICY whole ON \"order\".user USING (NOT x IS DOCUMENT)", "policy", "whole on order.user", 12),
        ("DROP TRIGGER touched ON \"order\".user; CREATE TRIGGER touched AFTER UPDATE "
            + "ON \"order\".user FOR EACH ROW WHEN (old.x IS DOCUMENT AND old.* IS DISTINCT FROM new.*) "
            + "EXECUTE FUNCTION \"order\".touch('WHEN (a) EXECUTE')", "trigger", "touched on order.user", 12),
        ("CREATE OR REPLACE FUNCTION \"order\".defaults(a integer DEFAULT 1, "
            + "b boolean DEFAULT ('<b/>'::xml IS DOCUMENT), OUT c integer) LANGUAGE plpgsql AS 'BEGIN c := 1; END'",
            "function", "order.defaults(integer,boolean)", 12),
        ("CREATE OR REPLACE VIEW \"order\".whole AS SELECT id, note::xml IS DOCUMENT AS whole FROM \"order\".user "
            + "WHERE id > 1 AND note::xml IS DOCUMENT", "view", "order.whole", 12),
        ("DROP MATERIALIZED VIEW \"order\".kept; CREATE MATERIALIZED VIEW \"order\".kept AS "
            + "SELECT id, NOT x IS DOCUMENT AS whole FROM \"order\".user WITH NO DATA; "
            + "ALTER MATERIALIZED VIEW \"order\".kept OWNER TO limosa", "materialized view", "order.kept", 12),
        ("ALTER VIEW \"order\".leftmost ALTER COLUMN id SET DEFAULT CASE WHEN '<a/>'::xml IS DOCUMENT THEN 2 END",
            "view", "order.leftmost", 12),
        ("CREATE OR REPLACE RULE logged AS ON UPDATE TO \"order\".user "
            + "WHERE new.x IS DOCUMENT DO ALSO (UPDATE \"order\".log l SET n = l.n + 2 WHERE l.n = old.id; "
            + "DELETE FROM \"order\".log l WHERE l.n = new.id)", "rule", "logged on order.user", 12),
        ("DROP STATISTICS \"order\".kinds; CREATE STATISTICS \"order\".kinds ON id, (NOT x IS DOCUMENT), lower(note) "
            + "FROM \"order\".user; ALTER STATISTICS \"order\".kinds OWNER TO limosa", "statistics object",
            "order.kinds", 14),
        ("CREATE OR REPLACE VIEW \"order\".zones AS SELECT z.z, e.e FROM CAST(now() AT TIME ZONE 'CET' AS timestamp) "
            + "AS z, EXTRACT(year FROM now()) AS e", "view", Zones, 14),
        ("DO $$BEGIN EXECUTE 'CREATE OR REPLACE FUNCTION \"order\".constants(a integer, "
            + "OUT b text) LANGUAGE sql BEGIN ATOMIC UPDATE \"order\".log l SET n = constants.a WHERE l.n = 1; "
            + "SELECT ''x'', ''z''; SELECT ''x;y''; END'; END$$", "function", "order.constants(integer)", 14),
        ("DO $$BEGIN EXECUTE 'CREATE OR REPLACE FUNCTION \"order\".returned(a xml) RETURNS boolean LANGUAGE sql "
            + "RETURN NOT a IS DOCUMENT'; END$$", "function", "order.returned(xml)", 14),
    ];
}
