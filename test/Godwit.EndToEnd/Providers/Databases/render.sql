-- Nothing of its own is in a server: a second user of the dashboard, and the publication that its replication call makes as a superuser.
CREATE ROLE shop_reader;
\connect
CREATE EXTENSION pg_stat_statements;
COMMENT ON EXTENSION pg_stat_statements IS 'track execution statistics';
GRANT USAGE ON SCHEMA sales TO shop_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO shop_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE :owner IN SCHEMA sales GRANT SELECT ON TABLES TO shop_reader;
CREATE PUBLICATION everything FOR ALL TABLES;
