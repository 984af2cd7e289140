CREATE ROLE akmadmin CREATEROLE CREATEDB REPLICATION; CREATE ROLE linpostgres CREATEROLE CREATEDB;
GRANT akmadmin, linpostgres TO :owner;
\connect
CREATE EXTENSION aiven_extras CASCADE;
CREATE EXTENSION pg_stat_monitor;
COMMENT ON EXTENSION dblink IS 'came with aiven_extras';
GRANT USAGE ON SCHEMA aiven_extras TO akmadmin;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO linpostgres;
-- From the platform before, whose administrator owned what was made then.
ALTER TABLE secrets OWNER TO linpostgres;
CREATE PUBLICATION everything FOR ALL TABLES;
ALTER DEFAULT PRIVILEGES FOR ROLE linpostgres IN SCHEMA public GRANT SELECT ON TABLES TO akmadmin;
