CREATE VIEW pg_stat_monitor AS SELECT 1 AS bucket, ''::text AS query;
GRANT SELECT ON pg_stat_monitor TO PUBLIC;
