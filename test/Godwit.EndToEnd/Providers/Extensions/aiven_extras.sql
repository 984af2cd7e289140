-- schema = aiven_extras
-- requires = dblink
CREATE FUNCTION aiven_extras.pg_create_publication_for_all_tables(text, text) RETURNS void LANGUAGE sql SECURITY DEFINER AS '';
CREATE VIEW aiven_extras.pg_stat_replication AS SELECT * FROM pg_catalog.pg_stat_replication;
