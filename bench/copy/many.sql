-- The database of bench/copy --many: as many tables as psql's variable "tables" says, a hundred in each schema, as programs make them that give every customer a schema of his own. Each
-- has a primary key; a fifth of them are empty, and the others have 1 to 40 rows. Made in pieces, because each table's lock is held until its
-- transaction ends.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET synchronous_commit = off;

CREATE PROCEDURE make(schemas int, tables int) LANGUAGE plpgsql AS $$
BEGIN
  FOR s IN 1..schemas LOOP
    EXECUTE format('CREATE SCHEMA customer_%s', s);
    FOR t IN 1..tables LOOP
      EXECUTE format('CREATE TABLE customer_%s.item_%s (id bigint PRIMARY KEY, name text NOT NULL, price numeric(12, 2), data jsonb, at timestamptz)', s, t);
      IF t % 5 > 0 THEN
        EXECUTE format($sql$INSERT INTO customer_%s.item_%s SELECT n, 'name ' || n, n / 3.0, jsonb_build_object('row', n), '2024-02-29 12:00Z'::timestamptz + n * interval '1 hour'
          FROM generate_series(1, %s) n$sql$, s, t, 1 + (s * 7 + t) % 40);
      END IF;
    END LOOP;
    COMMIT;
  END LOOP;
END $$;
CALL make(:tables / 100, 100);
DROP PROCEDURE make;
VACUUM (FREEZE, ANALYZE);
CHECKPOINT;
