CREATE SCHEMA google_ml;
CREATE TABLE google_ml.models (model_id text PRIMARY KEY, model_provider text);
SELECT pg_catalog.pg_extension_config_dump('google_ml.models', '');
GRANT USAGE ON SCHEMA google_ml TO PUBLIC;
GRANT SELECT ON google_ml.models TO PUBLIC;
