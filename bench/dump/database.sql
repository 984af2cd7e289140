-- The database of bench/dump: the same bytes on every machine, for it is made of row numbers and hash functions only (no random(), no now()).
-- Wants psql's variable "scale": 1 gives about 1.7 GB of COPY text in six tables, three of them large; 4 gives four times as much.
--
-- What a compressor finds decides the comparison, so the values look like those of an application: sentences of real words in their natural
-- unevenness, JSON whose keys repeat and whose values do not, timestamps that rise, numbers with a spread, and bytes that are half packed
-- already (pictures) and half not.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET synchronous_commit = off;
SET work_mem = '256MB';
SET jit = off;

-- A number from 0 to below "below" that looks like chance and is none: "salt" tells the columns apart.
CREATE FUNCTION bench_pick(row_number bigint, salt bigint, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(row_number, salt) & 9223372036854775807) % below;

CREATE TEMP TABLE word (id int PRIMARY KEY, word text NOT NULL);
INSERT INTO word SELECT n - 1, w FROM regexp_split_to_table(trim(both E' \n' from E'
    the of and a to in is was for it with as his on be at by had not are but from or have an they which one you were all her she there would
    their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may
    first then do any like my now over such our man me even most made after also well did many before must years back through much where your way
    down should because long each just state those people too mister how little good world make very year still see own work men day get here old
    life both between being under three never know same last another while us off might great go come since against right came take used himself few house
    use place during high without again home around small however found part school every number until always away something fact water less public put
    thing almost hand enough far took head yet government system better set told nothing night end why called find going look asked later point knew next
    customer order invoice payment delivery address account balance refund product price quantity discount parcel warehouse shipment return reason contact
    telephone message answer question problem solution support ticket opened closed waiting urgent meeting calendar Monday Tuesday Wednesday Thursday Friday
    morning afternoon evening yesterday tomorrow week month quarter report figure table chart increase decrease percent average total amount number estimate
    software version release server database query index memory network timeout failure success attempt retry configuration password session browser button
    window mobile application feature request developer engineer manager director company department team project deadline budget contract customer-facing
    river mountain harbour island coast forest meadow bird feather flight migration winter summer autumn spring weather wind storm rain snow temperature
    yellow green orange purple silver golden heavy light quick slow early late careful sudden quiet strange familiar ordinary beautiful difficult simple
    Amsterdam Auckland Berlin Bordeaux Cairo Dublin Edinburgh Fairbanks Geneva Hamburg Istanbul Jakarta Kyoto Lisbon Madrid Nairobi Oslo Prague Quito Reykjavik
'), E'\\s+') WITH ORDINALITY AS t (w, n);
SELECT count(*) AS words FROM word \gset

-- 60,000 sentences of 6 to 18 words. The cube makes the first words of the list common and the last ones rare, as in any language.
CREATE TEMP TABLE sentence (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO sentence
SELECT s, upper(left(t, 1)) || substr(t, 2) || CASE WHEN s % 9 = 0 THEN '?' WHEN s % 31 = 0 THEN ' ' || bench_pick(s, 3, 90000) || '.' ELSE '.' END
FROM (
    SELECT s, string_agg(word.word, CASE WHEN bench_pick(s * 20 + n, 5, 11) = 0 THEN ', ' ELSE ' ' END ORDER BY n) AS t
    FROM (SELECT s, n, floor(:words * power(bench_pick(s * 20 + n, 2, 1000000) / 1000000.0, 3))::int AS chosen
          FROM generate_series(0, 59999) s, generate_series(1, 6 + bench_pick(s, 1, 13)::int) n) position
    JOIN word ON word.id = chosen
    GROUP BY s) spoken;
ANALYZE sentence;

CREATE TABLE account (
    id integer NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    city text,
    token uuid NOT NULL,
    credit numeric(12, 2) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL);
INSERT INTO account
SELECT n, lower(first.word) || '.' || lower(last.word) || n || '@example.org', initcap(first.word) || ' ' || initcap(last.word),
       CASE WHEN n % 7 > 0 THEN city.word END, md5('account ' || n)::uuid, bench_pick(n, 4, 900000) / 100.0, n % 13 > 0,
       timestamptz '2019-01-01' + n * interval '11 minutes' + bench_pick(n, 5, 600) * interval '1 second'
FROM generate_series(1, 200000 * :scale) n
JOIN word first ON first.id = bench_pick(n, 1, :words)
JOIN word last ON last.id = bench_pick(n, 2, :words)
JOIN word city ON city.id = :words - 1 - bench_pick(n, 3, 20)
ORDER BY n;

-- Large table 1: text.
CREATE TABLE message (
    id bigint NOT NULL,
    account_id integer NOT NULL,
    thread_id integer,
    subject text NOT NULL,
    body text NOT NULL,
    is_read boolean NOT NULL,
    sent_at timestamptz NOT NULL);
INSERT INTO message
SELECT n, 1 + bench_pick(n, 1, 200000 * :scale), CASE WHEN n % 3 > 0 THEN bench_pick(n, 2, n / 3 + 1) END, left(a.line, 60),
       'Dear ' || initcap(w.word) || E',\n\n' || b.line || ' ' || c.line || ' ' || d.line || ' ' || e.line || E'\n\n' || f.line || ' ' || g.line
           || ' ' || h.line || CASE WHEN n % 50 = 0 THEN repeat(E'\n> ' || a.line || ' ' || e.line, 20) ELSE '' END || E'\n\nRegards\n',
       n % 5 > 0, timestamptz '2021-03-01' + n * interval '97 seconds' + bench_pick(n, 3, 90) * interval '1.000713 seconds'
FROM generate_series(1, 900000 * :scale) n
JOIN word w ON w.id = bench_pick(n, 17, :words)
JOIN sentence a ON a.id = bench_pick(n, 10, 60000)
JOIN sentence b ON b.id = bench_pick(n, 11, 60000)
JOIN sentence c ON c.id = bench_pick(n, 12, 60000)
JOIN sentence d ON d.id = bench_pick(n, 13, 60000)
JOIN sentence e ON e.id = bench_pick(n, 14, 60000)
JOIN sentence f ON f.id = bench_pick(n, 15, 60000)
JOIN sentence g ON g.id = bench_pick(n, 16, 60000)
JOIN sentence h ON h.id = bench_pick(n, 18, 60000);

-- Large table 2: jsonb.
CREATE TABLE event (
    id bigint NOT NULL,
    account_id integer NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    happened_at timestamptz NOT NULL);
INSERT INTO event
SELECT n, 1 + bench_pick(n, 1, 200000 * :scale), (ARRAY['page_view', 'page_view', 'page_view', 'click', 'click', 'search', 'add_to_cart', 'purchase'])[1 + bench_pick(n, 2, 8)],
       jsonb_build_object(
           'session', md5('session ' || n / 7), 'path', '/' || lower(w.word) || '/' || lower(v.word) || '/' || bench_pick(n, 3, 50000), 'referrer', CASE WHEN n % 4 = 0 THEN 'https://www.example.com/search?q=' || v.word END,
           'agent', jsonb_build_object('os', (ARRAY['Android', 'iOS', 'Windows', 'macOS', 'Linux'])[1 + bench_pick(n / 7, 4, 5)], 'version', 10 + bench_pick(n / 7, 5, 8) || '.' || bench_pick(n / 7, 6, 10), 'mobile', bench_pick(n / 7, 4, 5) < 2),
           'duration_ms', bench_pick(n, 7, 30000), 'tags', jsonb_build_array(w.word, v.word), 'note', CASE WHEN n % 3 = 0 THEN s.line END),
       timestamptz '2023-05-01' + n * interval '13.4 seconds' + bench_pick(n, 8, 1000000) * interval '1 microsecond'
FROM generate_series(1, 1600000 * :scale) n
JOIN word w ON w.id = bench_pick(n, 9, :words)
JOIN word v ON v.id = floor(:words * power(bench_pick(n, 10, 1000000) / 1000000.0, 2))::int
JOIN sentence s ON s.id = bench_pick(n, 11, 60000);

-- Large table 3: integers, numbers and timestamps.
CREATE TABLE reading (
    id bigint NOT NULL,
    sensor_id integer NOT NULL,
    measured_at timestamp NOT NULL,
    received_at timestamptz,
    value double precision NOT NULL,
    level numeric(9, 3),
    quality smallint NOT NULL,
    counter bigint NOT NULL);
INSERT INTO reading
SELECT n, 1 + n % 1200, timestamp '2024-01-01' + (n / 1200) * interval '1 minute' + bench_pick(n, 1, 400) * interval '1 millisecond',
       CASE WHEN n % 10 > 0 THEN timestamptz '2024-01-01' + (n / 1200) * interval '1 minute' + bench_pick(n, 2, 3000000) * interval '1 microsecond' END,
       20 + 8 * sin(n / 86400.0) + bench_pick(n, 3, 100000) / 25000.0, bench_pick(n, 4, 5000000) / 1000.0, 100 - bench_pick(n, 5, 4), n * 3 + bench_pick(n, 6, 1000)
FROM generate_series(1, 4600000 * :scale) n;

-- Bytes: the even ones packed already (a hash of a counter), the odd ones with the repetitions of an uncompressed format. In COPY's text they are
-- hexadecimal digits, twice as long.
CREATE TABLE attachment (
    id integer NOT NULL,
    message_id bigint NOT NULL,
    file_name text NOT NULL,
    content bytea,
    added_at timestamp NOT NULL);
ALTER TABLE attachment ALTER content SET STORAGE EXTERNAL;
INSERT INTO attachment
SELECT n, n * 97, lower(w.word) || '-' || n || CASE WHEN n % 2 = 0 THEN '.jpg' ELSE '.bmp' END,
       CASE WHEN n % 20 = 0 THEN NULL WHEN n % 2 = 0
            THEN (SELECT string_agg(sha512(int8send(n * 1000 + m)), ''::bytea ORDER BY m) FROM generate_series(1, 40 + bench_pick(n, 2, 400)) m)
            ELSE (SELECT string_agg(decode(md5((n * 1000 + m / 6)::text), 'hex') || '\x000000ff', ''::bytea ORDER BY m)
                  FROM generate_series(1, 120 + bench_pick(n, 2, 1200)) m) END,
       timestamp '2022-02-02' + n * interval '3 hours'
FROM generate_series(1, 8000 * :scale) n
JOIN word w ON w.id = bench_pick(n, 1, :words)
ORDER BY n;

CREATE TABLE setting (account_id integer NOT NULL, name text NOT NULL, value text);

ALTER TABLE account ADD PRIMARY KEY (id);
ALTER TABLE message ADD PRIMARY KEY (id);
ALTER TABLE event ADD PRIMARY KEY (id);
ALTER TABLE reading ADD PRIMARY KEY (id);
ALTER TABLE attachment ADD PRIMARY KEY (id);
ALTER TABLE setting ADD PRIMARY KEY (account_id, name);
ALTER TABLE message ADD FOREIGN KEY (account_id) REFERENCES account;
CREATE INDEX ON event (account_id, happened_at);
DROP FUNCTION bench_pick;
VACUUM (FREEZE, ANALYZE);
CHECKPOINT;
