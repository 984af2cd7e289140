CREATE ROLE vultradmin CREATEROLE CREATEDB REPLICATION;
GRANT vultradmin TO :owner;
\connect
CREATE EXTENSION aiven_extras CASCADE;
CREATE EXTENSION pgaudit;
COMMENT ON EXTENSION pgaudit IS 'provides auditing functionality';
GRANT USAGE ON SCHEMA aiven_extras TO vultradmin;
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO vultradmin WITH GRANT OPTION;
CREATE PUBLICATION everything FOR ALL TABLES;
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY administrators ON secrets FOR SELECT TO vultradmin USING (true);
