CREATE ROLE cloudsqladmin SUPERUSER; CREATE ROLE cloudsqlsuperuser CREATEDB CREATEROLE; CREATE ROLE cloudsqlagent; CREATE ROLE cloudsqlreplica; CREATE ROLE cloudsqlimportexport;
CREATE ROLE cloudsqliamuser; CREATE ROLE cloudsqliamserviceaccount;
GRANT cloudsqlsuperuser TO :owner;
CREATE DATABASE cloudsqladmin OWNER cloudsqladmin;
\connect
CREATE EXTENSION google_ml_integration;
INSERT INTO google_ml.models VALUES ('text-embedding', 'google');
CREATE EXTENSION google_vacuum_mgmt CASCADE;
CREATE EXTENSION pgaudit;
COMMENT ON EXTENSION pgaudit IS 'asked for by the auditors';
GRANT ALL ON SCHEMA sales TO cloudsqlsuperuser;
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO cloudsqliamuser, cloudsqlimportexport;
ALTER DEFAULT PRIVILEGES FOR ROLE :owner GRANT SELECT ON TABLES TO cloudsqliamserviceaccount;
CREATE FUNCTION public.no_drops() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER no_drops ON sql_drop EXECUTE FUNCTION public.no_drops();
CREATE PUBLICATION datastream FOR ALL TABLES;
CREATE SUBSCRIPTION elsewhere CONNECTION 'host=10.0.0.1 dbname=x password=s3cr3t-of-a-subscription' PUBLICATION p WITH (connect = false);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY administrators ON secrets TO cloudsqlsuperuser, :owner USING (true);
