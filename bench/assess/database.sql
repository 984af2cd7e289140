-- A database of many tables: 10,000 of them with 100,000 columns, as programs make them that give every customer a schema of his own.
-- Rows are few: assessment reads catalogs. Made in pieces, because each table's lock is held until its transaction ends.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE PROCEDURE make(schemas int, tables int) LANGUAGE plpgsql AS $$
BEGIN
  FOR s IN 1..schemas LOOP
    EXECUTE format('CREATE SCHEMA customer_%s', s);
    FOR t IN 1..tables LOOP
      EXECUTE format($sql$CREATE TABLE customer_%1$s.item_%2$s (
        id bigint PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now(), price numeric(12, 2), note text, tags text[], data jsonb, flag boolean,
        kind varchar(20) CHECK (kind <> ''), parent bigint REFERENCES customer_%1$s.item_%3$s (id))$sql$, s, t, greatest(1, t - 1));
      EXECUTE format('CREATE INDEX ON customer_%s.item_%s (name)', s, t);
    END LOOP;
    EXECUTE format('CREATE SEQUENCE customer_%s.numbers', s);
    EXECUTE format('CREATE VIEW customer_%1$s.newest AS SELECT * FROM customer_%1$s.item_1 ORDER BY at DESC LIMIT 10', s);
    EXECUTE format('CREATE FUNCTION customer_%1$s.price(bigint) RETURNS numeric LANGUAGE sql STABLE AS ''SELECT price FROM customer_%1$s.item_1 WHERE id = $1''', s);
    EXECUTE format('INSERT INTO customer_%1$s.item_1 SELECT i, ''name '' || i, now(), i, repeat(md5(i::text), 4), ''{}'', ''{}'', true, ''one'', NULL FROM generate_series(1, 200) i', s);
    COMMIT;
  END LOOP;
END $$;
CALL make(100, 100);
DROP PROCEDURE make;
ANALYZE;
