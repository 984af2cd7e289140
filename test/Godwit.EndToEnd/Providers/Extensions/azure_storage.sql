CREATE SCHEMA azure_storage;
CREATE TABLE azure_storage.accounts (account_name text PRIMARY KEY, access_key text);
SELECT pg_catalog.pg_extension_config_dump('azure_storage.accounts', '');
CREATE FUNCTION azure_storage.blob_list(text) RETURNS SETOF text LANGUAGE sql AS 'SELECT account_name FROM azure_storage.accounts';
