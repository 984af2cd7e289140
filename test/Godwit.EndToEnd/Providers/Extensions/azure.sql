-- schema = pg_catalog
CREATE FUNCTION pg_catalog.azure_replication_slot_status() RETURNS text LANGUAGE sql AS $$SELECT 'none'$$;
