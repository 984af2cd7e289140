CREATE ROLE upadmin CREATEROLE CREATEDB REPLICATION;
GRANT upadmin TO :owner;
\connect
CREATE EXTENSION aiven_extras CASCADE;
CREATE EXTENSION pg_cron;
INSERT INTO cron.job (schedule, command, username) VALUES ('*/5 * * * *', 'SELECT sales.total(1)', 'upadmin');
CREATE EXTENSION hll;
COMMENT ON EXTENSION hll IS 'type for storing hyperloglog data';
GRANT SELECT, UPDATE ON cron.job TO upadmin;
GRANT USAGE ON SCHEMA aiven_extras TO upadmin;
CREATE PUBLICATION everything FOR ALL TABLES;
GRANT ALL ON SCHEMA sales TO upadmin;
