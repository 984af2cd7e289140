-- The database the archives of this folder were made of, on a server 15:
--   pg15.dump                    pg_dump 15.18 -Fc
--   pg15-uncompressed-pipe.dump  pg_dump 15.18 -Fc -Z0 | cat
--   pg17.dump                    pg_dump 17.11 -Fc
--   pg17-uncompressed.dump       pg_dump 17.11 -Fc -Znone > FILE, which leaves its table of contents a second time behind the data
--   pg17-lz4.dump, -zstd.dump    pg_dump 17.11 -Fc -Zlz4, -Zzstd
--   each .list                   pg_restore -l of the same version, TZ=UTC
CREATE EXTENSION hstore;
CREATE SCHEMA "Odd
Schema";
CREATE TYPE mood AS ENUM ('sad','ok');
CREATE TABLE orders (id serial PRIMARY KEY, note text, m mood DEFAULT 'ok');
INSERT INTO orders(note) SELECT 'note '||i||repeat('x', i%7) FROM generate_series(1,300) i;
CREATE TABLE items (id int PRIMARY KEY, order_id int REFERENCES orders(id));
INSERT INTO items SELECT i, i FROM generate_series(1,50) i;
CREATE TABLE empty_one (a int);
CREATE TABLE "Odd
Schema"."Naïve ""table""
with a break; and more" ("Spalte 1" text);
INSERT INTO "Odd
Schema"."Naïve ""table""
with a break; and more" VALUES ('ü'), (E'tab\tand\\ back'), (NULL);
CREATE VIEW v AS SELECT * FROM orders;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM orders;
CREATE INDEX ON orders (note);
COMMENT ON TABLE orders IS 'a comment';
GRANT SELECT ON orders TO PUBLIC;
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select $1';
SELECT lo_from_bytea(4200000001, 'hello large object');
SELECT lo_from_bytea(17, '');
COMMENT ON LARGE OBJECT 17 IS 'empty';
