CREATE ROLE avnadmin CREATEROLE CREATEDB REPLICATION;
GRANT avnadmin TO :owner;
CREATE DATABASE _aiven;
\connect
CREATE EXTENSION aiven_extras CASCADE;
CREATE EXTENSION rum;
COMMENT ON EXTENSION aiven_extras IS 'for those who are no superuser';
GRANT USAGE ON SCHEMA aiven_extras TO avnadmin WITH GRANT OPTION;
GRANT SELECT ON aiven_extras.pg_stat_replication TO avnadmin;
CREATE PUBLICATION everything FOR ALL TABLES;
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO avnadmin;
ALTER TABLE secrets OWNER TO avnadmin;
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY administrators ON secrets TO avnadmin USING (true);
