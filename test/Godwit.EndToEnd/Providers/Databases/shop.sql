-- What a user has, at whatever provider: run as the user, in front of what the provider adds.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA sales;
CREATE TABLE customers (id bigserial PRIMARY KEY, email citext UNIQUE NOT NULL, since date NOT NULL DEFAULT '2024-02-29');
INSERT INTO customers (email) SELECT 'customer' || n || '@example.org' FROM generate_series(1, 200) n;
CREATE TABLE sales.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer bigint NOT NULL REFERENCES customers, total numeric(10, 2) NOT NULL, note text);
INSERT INTO sales.orders (customer, total, note) SELECT n, n * 1.5, repeat('x', n) FROM generate_series(1, 200) n;
CREATE INDEX ON sales.orders (customer);
CREATE VIEW sales.large_orders AS SELECT * FROM sales.orders WHERE total > 100;
CREATE FUNCTION sales.total(bigint) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(total) FROM sales.orders WHERE customer = $1';
CREATE TABLE secrets (id int PRIMARY KEY, body text);
INSERT INTO secrets SELECT n, 'body ' || n FROM generate_series(1, 20) n;
COMMENT ON TABLE customers IS 'who buys';
SELECT lo_from_bytea(0, decode(repeat('c0ffee', 5000), 'hex'));
