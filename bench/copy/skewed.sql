-- The database of bench/copy --skewed: one table holds nine tenths of the bytes, its indexes included. The same bytes on every machine: row
-- numbers and hash functions only.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET synchronous_commit = off;
SET jit = off;

CREATE TABLE shop (id integer NOT NULL, name text NOT NULL, opened_at timestamptz NOT NULL);
INSERT INTO shop SELECT n, 'shop ' || md5(n::text), timestamptz '2019-01-01' + n * interval '3 hours' FROM generate_series(1, 20000) n;

CREATE TABLE line (
    id bigint NOT NULL,
    shop_id integer NOT NULL,
    article uuid NOT NULL,
    note text,
    price numeric(10, 2) NOT NULL,
    pieces integer NOT NULL,
    is_paid boolean NOT NULL,
    sold_at timestamptz NOT NULL);
INSERT INTO line
SELECT n, 1 + (hashint8(n) & 2147483647) % 20000, md5('article ' || n % 70000)::uuid,
       CASE WHEN n % 4 > 0 THEN repeat(md5('note ' || n), 2 + n::int % 5) END, (hashint8extended(n, 1) & 1048575) / 100.0, 1 + n % 9, n % 11 > 0,
       timestamptz '2021-03-01' + n * interval '17.3 seconds'
FROM generate_series(1, 6000000::bigint) n;

-- The rest: twelve tables as programs have them beside their large one.
SELECT format($$CREATE TABLE part_%1$s (id bigint NOT NULL, name text NOT NULL, value double precision, at timestamp NOT NULL);
    INSERT INTO part_%1$s SELECT n, md5(n::text) || md5('%1$s'), n / 7.0, timestamp '2022-02-02' + n * interval '1 minute' FROM generate_series(1, 90000) n;
    ALTER TABLE part_%1$s ADD PRIMARY KEY (id)$$, number) FROM generate_series(1, 12) number \gexec

ALTER TABLE shop ADD PRIMARY KEY (id);
ALTER TABLE line ADD PRIMARY KEY (id);
ALTER TABLE line ADD FOREIGN KEY (shop_id) REFERENCES shop;
CREATE INDEX ON line (shop_id, sold_at);
VACUUM (FREEZE, ANALYZE);
CHECKPOINT;
