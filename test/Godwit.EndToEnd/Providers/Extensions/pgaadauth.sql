-- schema = pg_catalog
CREATE FUNCTION pg_catalog.pgaadauth_create_principal(text, boolean, boolean) RETURNS text LANGUAGE sql AS $$SELECT 'created'$$;
REVOKE ALL ON FUNCTION pg_catalog.pgaadauth_create_principal(text, boolean, boolean) FROM PUBLIC;
