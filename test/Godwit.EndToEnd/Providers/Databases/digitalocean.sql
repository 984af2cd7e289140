CREATE ROLE doadmin CREATEROLE CREATEDB REPLICATION;
GRANT doadmin TO :owner;
CREATE DATABASE _dodb;
\connect
CREATE EXTENSION aiven_extras CASCADE;
CREATE EXTENSION pg_stat_monitor;
COMMENT ON EXTENSION pg_stat_monitor IS 'switched on by stat_monitor_enable';
GRANT ALL ON SCHEMA aiven_extras TO doadmin;
ALTER SCHEMA sales OWNER TO doadmin;
ALTER TABLE sales.orders OWNER TO doadmin;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO doadmin;
ALTER DEFAULT PRIVILEGES FOR ROLE doadmin IN SCHEMA sales GRANT SELECT ON TABLES TO :owner;
CREATE PUBLICATION everything FOR ALL TABLES;
