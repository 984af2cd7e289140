-- Tables of every shape: columns generated, dropped, none, a thousand; names nobody should give; parents and children; partitions.
CREATE TABLE nothing ();
CREATE TABLE nothing_often ();
INSERT INTO nothing_often SELECT FROM generate_series(1, 1000000);
CREATE TABLE all_dropped (a int, b text);
INSERT INTO all_dropped VALUES (1, 'x'), (2, 'y');
ALTER TABLE all_dropped DROP a, DROP b;
CREATE TABLE empty_one (id int PRIMARY KEY, t text DEFAULT 'never');
CREATE TABLE emptied (id int, t text);
INSERT INTO emptied SELECT n, repeat('gone ', 100) FROM generate_series(1, 3000) n;
DELETE FROM emptied;

CREATE TABLE generated (
    g1 text GENERATED ALWAYS AS ('#' || id * 2 || '#') STORED, id int PRIMARY KEY, gone text, price numeric(8, 2) NOT NULL,
    "gross, \ price" numeric GENERATED ALWAYS AS (price * 1.19) STORED, note text);
INSERT INTO generated (id, gone, price, note) SELECT n, 'gone', n / 100.0, nullif(n % 4, 0) FROM generate_series(1, 500) n;
ALTER TABLE generated DROP gone;
CREATE TABLE only_generated (a int GENERATED ALWAYS AS (42) STORED);
INSERT INTO only_generated SELECT FROM generate_series(1, 10);

-- Columns added later with a default are not in the old rows' bytes; dropped ones still are.
CREATE TABLE remodelled (id int, drop_me text, name text);
INSERT INTO remodelled SELECT n, repeat('d', n % 50), 'name ' || n FROM generate_series(1, 1000) n;
ALTER TABLE remodelled DROP drop_me, ADD added text NOT NULL DEFAULT E'de\\fault', ADD "order" int[] DEFAULT '{1,NULL}', ALTER id TYPE bigint;
ALTER TABLE remodelled ALTER name SET STORAGE EXTERNAL, ALTER name SET STATISTICS 250, ALTER name SET (n_distinct = -0.5), ALTER added SET STORAGE MAIN;
ALTER TABLE remodelled SET (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
INSERT INTO remodelled (id) VALUES (0);

SELECT format('CREATE TABLE thousand (%s)', string_agg(format('%I %s', 'column ' || n, (ARRAY['smallint', 'boolean', 'text', 'date', 'int'])[1 + n % 5]), ', ' ORDER BY n))
FROM generate_series(1, 1000) n \gexec
SELECT format('INSERT INTO thousand SELECT %s FROM generate_series(1, 60) AS r(n)', string_agg(
    CASE n % 5 WHEN 0 THEN 'n' WHEN 1 THEN 'n % 2 = 0' WHEN 2 THEN format('CASE WHEN (n + %s) %% 7 = 0 THEN E''t\\t''||n END', n) WHEN 3 THEN $$date '2000-01-01' + n$$ ELSE 'n * 100000' END, ', ' ORDER BY n))
FROM generate_series(1, 1000) n \gexec

CREATE TABLE "select" ("from" int, "WHERE" text, "a""b" text, "a'b" text, "a\b" text, "tab	bed" text, "line
break" text, " " text, "%s" text, "$$" text, "-- comment" text, "1" text, "ünïcödé" text);
INSERT INTO "select" SELECT n, n, 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l' FROM generate_series(1, 20) n;
COMMENT ON TABLE "select" IS E'A comment\nof two lines, with ''quotes'', "more", \\ and -- dashes; $$';
COMMENT ON COLUMN "select"."line
break" IS 'Oh';
CREATE TABLE "Odd ""schema""
of two lines"."Odd ""table""
; DROP TABLE nothing; --" (id int PRIMARY KEY CONSTRAINT "odd
constraint" CHECK (id > 0), t text);
INSERT INTO "Odd ""schema""
of two lines"."Odd ""table""
; DROP TABLE nothing; --" SELECT n, 'odd ' || n FROM generate_series(1, 100) n;
CREATE TABLE "sixty-three bytes of a name, no more is allowed by PostgreSQL..." (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
INSERT INTO "sixty-three bytes of a name, no more is allowed by PostgreSQL..." SELECT FROM generate_series(1, 3);
CREATE TABLE "鳥獣戯画鳥獣戯画鳥獣戯画鳥獣戯画鳥獣戯画鳥" ("名" text, "🦆" int);
INSERT INTO "鳥獣戯画鳥獣戯画鳥獣戯画鳥獣戯画鳥獣戯画鳥" VALUES ('兎', 1), ('蛙', 2);
CREATE TABLE "CamelCase" (id int);
CREATE TABLE camelcase (id int);
INSERT INTO "CamelCase" VALUES (1);
INSERT INTO camelcase VALUES (2), (3);

-- Tables above some ten megabytes are read in ranges of pages: plain ones, ones with holes of whole ranges, parents (animal), an extension's
-- (config_part), without columns (nothing_often), and with nearly everything in the toast (toasted).
CREATE TABLE pages (id int PRIMARY KEY, t text, n numeric, at timestamptz, "odd ""column"", \
of two lines" text, gone text);
INSERT INTO pages SELECT n, 'page ' || n || repeat(' filler', 30 + n % 23), n / 7.0, timestamptz '2020-01-01' + n * interval '1 minute', E'\\' || n, 'gone' FROM generate_series(1, 160000) n;
ALTER TABLE pages DROP gone;
CREATE TABLE holes (id int, t text);
INSERT INTO holes SELECT n, repeat('row ' || n, 30) FROM generate_series(1, 400000) n;
DELETE FROM holes WHERE id BETWEEN 5000 AND 250000 OR id % 3 = 0;
VACUUM holes;
INSERT INTO holes SELECT n, 'refilled ' || n FROM generate_series(50001, 51000) n;
DELETE FROM holes WHERE id BETWEEN 370000 AND 400000;
CREATE UNLOGGED TABLE unlogged (id int, t text);
INSERT INTO unlogged SELECT n, md5(n::text) FROM generate_series(1, 100) n;
\if :v14
SELECT 'lz4' = ANY (enumvals) AS has_lz4 FROM pg_settings WHERE name = 'default_toast_compression' \gset
\if :has_lz4
CREATE TABLE squeezed (id int, t text COMPRESSION lz4, p text COMPRESSION pglz);
INSERT INTO squeezed SELECT n, repeat('lz4 ' || n, 2000), repeat('pglz ' || n, 2000) FROM generate_series(1, 20) n;
\endif
\endif

CREATE TABLE animal (id int GENERATED BY DEFAULT AS IDENTITY (START 1000 INCREMENT -7 MINVALUE -5000 MAXVALUE 2000 CYCLE CACHE 5) PRIMARY KEY, name text NOT NULL, born date DEFAULT '2000-01-01');
CREATE TABLE bird (wingspan numeric, CONSTRAINT flies CHECK (wingspan > 0)) INHERITS (animal);
CREATE TABLE swimmer (depth int, name text DEFAULT 'nobody') INHERITS (animal);
CREATE TABLE penguin (name text DEFAULT 'Pingu') INHERITS (bird, swimmer);
INSERT INTO animal (id, name) SELECT n, repeat('animal ' || n, 15) FROM generate_series(1, 150000) n;
SELECT nextval('animal_id_seq') \g /dev/null
INSERT INTO bird (id, name, wingspan) SELECT n, 'bird ' || n, n FROM generate_series(1, 70) n;
INSERT INTO penguin (id, wingspan, depth) VALUES (1, 1, 500), (2, 0.5, 200);
ALTER TABLE bird NO INHERIT animal;
ALTER TABLE bird INHERIT animal;

-- Three levels, each by another method, a column order that differs, and a default partition.
CREATE TABLE sale (id bigint NOT NULL, region text NOT NULL, sold date NOT NULL, amount numeric, PRIMARY KEY (id, region, sold)) PARTITION BY RANGE (sold);
CREATE TABLE sale_2023 PARTITION OF sale FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY LIST (region);
CREATE TABLE sale_2024 (amount numeric, dropped int, sold date NOT NULL, region text NOT NULL, id bigint NOT NULL, CHECK (amount < 1000000));
ALTER TABLE sale_2024 DROP dropped;
ALTER TABLE sale ATTACH PARTITION sale_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE sale_rest PARTITION OF sale DEFAULT;
CREATE TABLE sale_2023_north PARTITION OF sale_2023 FOR VALUES IN ('north', 'far "north"');
CREATE TABLE sale_2023_other PARTITION OF sale_2023 DEFAULT PARTITION BY HASH (id);
CREATE TABLE sale_2023_other_0 PARTITION OF sale_2023_other FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sale_2023_other_1 PARTITION OF sale_2023_other FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO sale SELECT n, (ARRAY['north', 'south', 'far "north"', 'west'])[1 + n % 4], date '2022-11-01' + n % 900, n / 10.0 FROM generate_series(1, 5000) n;
CREATE INDEX sale_amount ON sale (amount);
CREATE TABLE empty_parent (id int) PARTITION BY LIST (id);

-- Foreign keys that need an order, to themselves, in a circle, deferred, not validated; rows that a later check would refuse.
CREATE TABLE keeper (id int PRIMARY KEY, boss int REFERENCES keeper DEFERRABLE INITIALLY DEFERRED, favourite int);
CREATE TABLE cage (id int PRIMARY KEY, keeper int REFERENCES keeper (id) ON DELETE CASCADE, area numeric, EXCLUDE USING btree (area WITH =));
ALTER TABLE keeper ADD CONSTRAINT favourite_cage FOREIGN KEY (favourite) REFERENCES cage DEFERRABLE;
BEGIN;
INSERT INTO keeper SELECT n, 1 + n % 40, NULL FROM generate_series(40, 1, -1) n;
INSERT INTO cage SELECT n, 1 + n % 40, n FROM generate_series(1, 80) n;
UPDATE keeper SET favourite = id * 2;
COMMIT;
ALTER TABLE cage ADD CONSTRAINT not_big CHECK (area < 50) NOT VALID;
CREATE TABLE visit (cage int, day date);
INSERT INTO visit VALUES (1, '2024-01-01'), (4711, '2024-01-02');
ALTER TABLE visit ADD CONSTRAINT visit_cage FOREIGN KEY (cage) REFERENCES cage NOT VALID;
COMMENT ON CONSTRAINT visit_cage ON visit IS 'Not all cages are known';

CREATE UNIQUE INDEX pages_expression ON pages (lower(t), n DESC NULLS LAST) INCLUDE (id) WHERE id % 2 = 0;
CREATE INDEX pages_brin ON pages USING brin (at);
CREATE INDEX "odd ""index""" ON texts USING hash (t);
CREATE INDEX ON documents USING gin (jb jsonb_path_ops);
CREATE INDEX ON ranges USING gist (i);
CREATE INDEX ON networks USING spgist (i);
ALTER TABLE pages CLUSTER ON pages_pkey;
ALTER TABLE visit REPLICA IDENTITY FULL;
ALTER INDEX pages_expression ALTER COLUMN 1 SET STATISTICS 500;
COMMENT ON INDEX pages_brin IS 'Small';
\if :v15
CREATE TABLE nulls_alike (a int, UNIQUE NULLS NOT DISTINCT (a));
INSERT INTO nulls_alike VALUES (NULL);
\endif

-- Sequences: never called, called once, at their end, restarted, owned, and by each type.
CREATE SEQUENCE never_called START 17;
CREATE SEQUENCE called START 17;
SELECT nextval('called') \g /dev/null
CREATE SEQUENCE exhausted MAXVALUE 3;
SELECT nextval('exhausted') FROM generate_series(1, 3) \g /dev/null
CREATE SEQUENCE set_uncalled AS smallint INCREMENT -2 MINVALUE -100 MAXVALUE 100 START 50 CYCLE;
SELECT setval('set_uncalled', -44, false) \g /dev/null
CREATE SEQUENCE "Odd 'sequence'" MINVALUE -9223372036854775808 START -9223372036854775808;
SELECT nextval('"Odd ''sequence''"') \g /dev/null
CREATE TABLE counted (id bigserial, small smallserial, t text);
INSERT INTO counted (t) SELECT 'x' FROM generate_series(1, 12);
ALTER SEQUENCE called OWNED BY counted.t;
COMMENT ON SEQUENCE called IS 'Once';
\if :v15
CREATE UNLOGGED SEQUENCE unlogged_sequence;
\endif
