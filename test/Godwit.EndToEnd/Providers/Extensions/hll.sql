CREATE DOMAIN hll AS bytea;
