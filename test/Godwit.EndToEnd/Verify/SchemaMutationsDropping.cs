namespace Godwit.EndToEnd.Verify;

internal static partial class SchemaMutations
{
    private static IReadOnlyList<SchemaMutation> Dropping =>
    [
        new("a partitioned table is missing", "DROP TABLE birds.event CASCADE", "partitioned table", "birds.event")
        {
            Also = [("foreign key constraint", "of_event_id_day_kind_fkey on birds.of_event")],
        },
        new("a view is missing", "DROP VIEW birds.aliased", "view", "birds.aliased"),
        new("a materialized view is missing", "DROP MATERIALIZED VIEW birds.filled", "materialized view",
            "birds.filled"),
        new("a sequence is missing", "DROP SEQUENCE birds.counter", "sequence", "birds.counter"),
        new("a foreign table is missing", "DROP FOREIGN TABLE birds.far", "foreign table", "birds.far"),
        new("a language is missing", "DROP LANGUAGE plduck CASCADE", "language", "plduck"),
        new("an access method is missing", "DROP ACCESS METHOD spare", "access method", "spare"),
        new("a conversion is missing that others stand beside", "DROP CONVERSION birds.latin",
            "conversion", "birds.latin"),
        new("a function is missing", "DROP FUNCTION birds.weigh(text)", "function", "birds.weigh(text)"),
        new("a procedure is missing", "DROP PROCEDURE birds.count_all(integer, text)", "procedure",
            "birds.count_all(integer,text)"),
        new("an aggregate is missing", "DROP AGGREGATE birds.total(integer)", "aggregate", "birds.total(integer)"),
        new("an operator is missing that has a comment", "DROP OPERATOR birds.<~> (integer, integer)", "operator",
            "birds.<~>(integer,integer)"),
        new("an operator family is missing", "DROP OPERATOR FAMILY birds.empty_ops USING hash", "operator family",
            "birds.empty_ops USING hash"),
        new("a trigger is missing", "DROP TRIGGER touched ON birds.species", "trigger", "touched on birds.species"),
        new("a rule is missing", "DROP RULE no_delete ON birds.full_identity", "rule",
            "no_delete on birds.full_identity"),
        new("a policy is missing", "DROP POLICY seen ON birds.sighting", "policy", "seen on birds.sighting"),
        new("a range type is missing", "DROP TYPE birds.span", "range type", "birds.span"),
        new("a collation is missing", "DROP COLLATION birds.german", "collation", "birds.german"),
        new("a cast is missing", "DROP CAST (birds.size AS birds.mood)", "cast", "(birds.size AS birds.mood)"),
        new("a text search configuration is missing", "DROP TEXT SEARCH CONFIGURATION birds.search",
            "text search configuration", "birds.search"),
        new("a text search dictionary is missing", "DROP TEXT SEARCH DICTIONARY birds.stems",
            "text search dictionary", "birds.stems"),
        new("a text search template is missing", "DROP TEXT SEARCH TEMPLATE birds.plain",
            "text search template", "birds.plain"),
        new("a text search parser is missing", "DROP TEXT SEARCH PARSER birds.words",
            "text search parser", "birds.words"),
        new("a statistics object is missing", "DROP STATISTICS birds.species_stats", "statistics object",
            "birds.species_stats"),
        new("a publication is missing", "DROP PUBLICATION everything", "publication", "everything"),
        new("an event trigger is missing", "DROP EVENT TRIGGER watcher", "event trigger", "watcher"),
        new("a foreign server is missing", "DROP SERVER nest_server CASCADE", "foreign server", "nest_server"),
        new("a foreign-data wrapper is missing", "DROP FOREIGN DATA WRAPPER nothing",
            "foreign-data wrapper", "nothing"),
        new("a user mapping is missing", "DROP USER MAPPING FOR limosa SERVER spare_server", "user mapping",
            "limosa on spare_server"),
        new("an extension is missing", "DROP EXTENSION bloom", "extension", "bloom"),
    ];
}
