-- Limosa Coffee: the shop that `godwit demo` migrates.
--
-- A small roastery with a web shop, built to hold what real databases hold and migrations trip over: several schemas, extensions,
-- partitions of every kind and two levels of them, inheritance, large objects, a materialized view, deferred and unvalidated
-- constraints, row-level security, odd names, odd values. An ordinary owner of the database can run it (every extension is a
-- trusted one), on PostgreSQL 13 to 17, and every build gives the same rows: no random(), no clock.
--
-- One transaction: a build that fails leaves nothing behind. Triggers, rules and foreign keys come after the rows, so no row is
-- stamped with the time of the build.

BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, MDY';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL search_path = public;

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

CREATE SCHEMA shop;
CREATE SCHEMA roastery;
CREATE SCHEMA web;
CREATE SCHEMA "Odd Names";
COMMENT ON SCHEMA shop IS 'What Limosa Coffee sells, to whom, and how it was paid';
COMMENT ON SCHEMA roastery IS 'Where the beans come from and what happened to them in the drum';
COMMENT ON SCHEMA web IS 'What visitors of the web shop did';
COMMENT ON SCHEMA "Odd Names" IS E'Names a person would not choose:\n"quotes", ''apostrophes'', line breaks';

-- A number from 0 to sides - 1 that looks thrown and never changes. Temporary: it does not stay in the database.
CREATE FUNCTION pg_temp.dice(i bigint, salt integer, sides integer) RETURNS integer LANGUAGE sql IMMUTABLE AS
$$ SELECT ((((i + 17) * (2654435761 + salt * 97531)) % 4294967291 / 64) % sides)::integer $$;

CREATE FUNCTION pg_temp.pick(things text[], n integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT things[1 + n % array_length(things, 1)] $$;

-- ---------------------------------------------------------------------------------------------------------------- types

CREATE TYPE shop.order_state AS ENUM ('cart', 'placed', 'roasting', 'shipped', 'delivered', 'returned', 'lost at sea');
CREATE TYPE shop.brew_method AS ENUM ('espresso', 'filter', 'cold brew', 'Café ''crema''', '☕ mystery');
CREATE TYPE shop.postal_address AS (street text, city text, postcode text, country character(2));
CREATE TYPE shop.dimensions AS (width_mm integer, height_mm integer, depth_mm integer);
CREATE DOMAIN shop.cents AS bigint DEFAULT 0 CHECK (VALUE >= 0);
CREATE DOMAIN shop.email AS citext CHECK (VALUE ~ '^[^@\s]+@[^@\s]+$');
CREATE DOMAIN shop.sku AS text CHECK (VALUE ~ '^LC-[0-9]{5}$') CONSTRAINT sku_is_not_reserved CHECK (VALUE <> 'LC-00000');
CREATE DOMAIN shop.rating AS smallint NOT NULL CHECK (VALUE BETWEEN 1 AND 5);
COMMENT ON TYPE shop.order_state IS 'Only one parcel was ever lost at sea';
COMMENT ON DOMAIN shop.cents IS 'Money, in hundredths of the shop''s currency';

CREATE FUNCTION shop.seconds_between(later time, earlier time) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$ SELECT extract(epoch FROM later - earlier)::double precision $$;
CREATE TYPE shop.hours AS RANGE (subtype = time, subtype_diff = shop.seconds_between);

CREATE COLLATION shop.by_byte FROM "C";
CREATE TEXT SEARCH CONFIGURATION shop.menu (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION shop.menu ALTER MAPPING FOR asciiword WITH simple;

-- ------------------------------------------------------------------------------------------------------------ functions

CREATE FUNCTION shop.as_price(amount bigint, currency text DEFAULT 'EUR') RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$ SELECT currency || ' ' || (amount / 100)::text || '.' || lpad((amount % 100)::text, 2, '0') $$;

CREATE FUNCTION shop.normalized(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT pg_catalog.lower(pg_catalog.btrim(pg_catalog.regexp_replace(name, '\s+', ' ', 'g'))) $$;

CREATE FUNCTION shop.newest(VARIADIC moments timestamptz[]) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$ SELECT max(m) FROM unnest(moments) m $$;

CREATE FUNCTION shop.kept_or(anyelement, anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN $1 IS NULL THEN $2 ELSE $1 END $$;

CREATE FUNCTION shop.least_cents(a shop.cents, b shop.cents) RETURNS shop.cents LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN a IS NULL OR b < a THEN b ELSE a END $$;
CREATE AGGREGATE shop.cheapest(shop.cents) (SFUNC = shop.least_cents, STYPE = shop.cents);

CREATE FUNCTION shop.sounds_alike(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ SELECT shop.normalized(a) = shop.normalized(b) $$;
CREATE OPERATOR shop.~= (LEFTARG = text, RIGHTARG = text, FUNCTION = shop.sounds_alike, COMMUTATOR = OPERATOR(shop.~=));

-- ------------------------------------------------------------------------------------------------------------ sequences

CREATE SEQUENCE shop.order_number AS bigint START WITH 100000 MINVALUE 100000 CACHE 20;
CREATE SEQUENCE shop.countdown AS smallint INCREMENT BY -3 MINVALUE -300 MAXVALUE 300 START WITH 300 CYCLE;
CREATE SEQUENCE "Odd Names"."Sequence ""with"" quotes" START WITH 42 INCREMENT BY 7;
COMMENT ON SEQUENCE shop.order_number IS 'Printed on every parcel; must never go back';

-- --------------------------------------------------------------------------------------------------------------- public

CREATE TABLE public.schema_migrations (version character varying PRIMARY KEY);
INSERT INTO public.schema_migrations SELECT '2023' || lpad((i * 100 + 1)::text, 10, '0') FROM generate_series(1, 87) i;

CREATE TABLE public.settings (
    key citext PRIMARY KEY,
    value jsonb NOT NULL,
    note text
);
INSERT INTO public.settings VALUES
    ('Shop.Name', '"Limosa Coffee"', 'Limosa is the genus of the godwits'),
    ('shop.opening', '{"mon-fri": ["07:30", "18:00"], "sat": ["09:00", "16:00"], "sun": null}', NULL),
    ('shop.motto', '"Long haul, no landing. Ένα ταξίδι, 一路顺风, رحلة سعيدة 🐦"', 'Several scripts on purpose'),
    ('tax.rates', '{"BE": 0.06, "DE": 0.07, "NL": 0.09, "precise": 0.12345678901234567890}', NULL),
    ('empty.object', '{}', ''), ('null.value', 'null', 'jsonb null is not SQL NULL');

-- ----------------------------------------------------------------------------------------------------------------- shop

CREATE TABLE shop.stores (
    id smallint PRIMARY KEY,
    name text NOT NULL UNIQUE,
    manager_id integer,
    location point NOT NULL,
    open shop.hours,
    address shop.postal_address
);
INSERT INTO shop.stores VALUES
    (1, 'Texel Ferry', 2, '(53.0035,4.7836)', '[07:00,19:30)', ROW('Pontweg 1', 'Den Hoorn', '1797 SN', 'NL')),
    (2, 'Husum Harbour', 3, '(54.4767,9.0511)', '[08:00,18:00)', ROW('Hafenstraße 12', 'Husum', '25813', 'DE')),
    (3, 'Banc d''Arguin', NULL, '(20.2361,-16.1086)', 'empty', ROW('Nouâmghâr', 'Arguin, "North"', NULL, 'MR')),
    (4, 'Anchorage (web)', 4, '(61.2181,-149.9003)', NULL, NULL);

CREATE TABLE shop.employees (
    id integer GENERATED BY DEFAULT AS IDENTITY (START WITH 500 INCREMENT BY 5) PRIMARY KEY,
    name text NOT NULL,
    manager_id integer,
    store_id smallint,
    hired date NOT NULL,
    skills text[] NOT NULL DEFAULT '{}',
    badge uuid NOT NULL DEFAULT public.uuid_generate_v4()
);
INSERT INTO shop.employees
SELECT i, pg_temp.pick(ARRAY['Ada', 'Bente', 'Çelik', 'Dmitri', 'Émile', 'Fumiko', 'Grietje', 'Håkon', 'Inés'], i) || ' '
        || pg_temp.pick(ARRAY['Grutto', 'Uferschnepfe', 'Barge', 'Obaró', 'Küstner', 'O''Hara', 'van der "Wad"'], i * 5),
    CASE WHEN i = 1 THEN NULL ELSE i / 3 + 1 END, 1 + i % 4, date '2015-03-01' + i * 37,
    CASE WHEN i % 4 = 0 THEN '{}' ELSE (ARRAY['roasting', 'latte "art"', NULL, 'a,b'])[1:i % 4] END, md5('badge' || i)::uuid
FROM generate_series(1, 60) i;

CREATE TABLE shop.customers (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000 INCREMENT BY 1) PRIMARY KEY,
    email shop.email NOT NULL UNIQUE,
    name text NOT NULL,
    password_digest text NOT NULL,
    preferences hstore NOT NULL DEFAULT '',
    favourite shop.brew_method,
    born date,
    fax text,
    joined_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    search_name text GENERATED ALWAYS AS (shop.normalized(name)) STORED
) WITH (fillfactor = 90);
ALTER TABLE shop.customers DROP COLUMN fax; -- leaves a hole in the column numbers, as old tables have
INSERT INTO shop.customers (id, email, name, password_digest, preferences, favourite, born, joined_at, updated_at) OVERRIDING SYSTEM VALUE
SELECT 1000 + i, 'guest' || i || CASE WHEN i % 3 = 0 THEN '@Example.org' ELSE '@example.com' END,
    pg_temp.pick(ARRAY['Anna', 'Bram', 'Chloé', 'Dávid', 'Eszter', 'Fatima', 'Gül', 'Hiro', 'Ivana', 'João', 'Κώστας', 'Лена', '美咲'],
        pg_temp.dice(i, 1, 13)) || CASE WHEN i % 50 = 0 THEN '   ' ELSE ' ' END ||
    pg_temp.pick(ARRAY['Jansen', 'Müller', 'Dubois', 'García', 'Øster', 'Ωmega', 'Smith-"Jones"', 'O''Neil', 'Tab	ber', 'Back\slash'],
        pg_temp.dice(i, 2, 10)),
    md5('salt' || i) || md5('pepper' || i),
    hstore(ARRAY['milk', 'newsletter', 'sugar'], ARRAY[pg_temp.pick(ARRAY['oat', 'cow', 'none', ''], i), (i % 2 = 0)::text, NULL]),
    (enum_range(NULL::shop.brew_method))[1 + nullif(pg_temp.dice(i, 3, 6), 5)],
    CASE WHEN i % 4 = 0 THEN NULL ELSE date '1940-01-01' + pg_temp.dice(i, 4, 24000) END,
    timestamptz '2021-01-01 06:00:00+00' + i * interval '2 hours 13 minutes 7.123456 seconds',
    timestamptz '2025-01-01 00:00:00+00' + i * interval '17 minutes'
FROM generate_series(1, 12000) i;
COMMENT ON TABLE shop.customers IS 'People who ordered at least once';
COMMENT ON COLUMN shop.customers.preferences IS 'Free keys, e.g. milk=>oat';

CREATE TABLE shop.addresses (
    id bigserial PRIMARY KEY,
    customer_id bigint NOT NULL,
    address shop.postal_address NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    seen_from inet,
    CONSTRAINT "country is a country" CHECK ((address).country ~ '^[A-Z]{2}$')
);
INSERT INTO shop.addresses (id, customer_id, address, is_default, seen_from)
SELECT i, 1001 + (i - 1) % 12000,
    ROW(pg_temp.pick(ARRAY['Dijk', 'Wattweg', 'Rue de l''Estran', 'Mudflat Rd', 'うみ通り'], pg_temp.dice(i, 5, 5)) || ' ' || 1 + i % 199,
        pg_temp.pick(ARRAY['Den Burg', 'Husum', 'Le Crotoy', 'Cork', '横浜'], pg_temp.dice(i, 5, 5)), lpad((i * 37 % 100000)::text, 5, '0'),
        pg_temp.pick(ARRAY['NL', 'DE', 'FR', 'IE', 'JP'], pg_temp.dice(i, 5, 5)))::shop.postal_address,
    i <= 12000, CASE WHEN i % 7 = 0 THEN NULL ELSE inet '10.0.0.0' + pg_temp.dice(i, 6, 65536) END
FROM generate_series(1, 15000) i;

CREATE TABLE shop.categories (
    id integer PRIMARY KEY,
    parent_id integer,
    name text COLLATE shop.by_byte NOT NULL,
    path integer[] NOT NULL
);
INSERT INTO shop.categories
SELECT i, nullif(i / 4, 0), pg_temp.pick(ARRAY['Beans', 'Ground', 'Capsules', 'Grinders', 'Cups', 'Gifts & more', 'Tea (yes)'], i) || ' ' || i,
    CASE WHEN i / 4 = 0 THEN ARRAY[i] WHEN i / 16 = 0 THEN ARRAY[i / 4, i] ELSE ARRAY[i / 16, i / 4, i] END
FROM generate_series(1, 40) i;

CREATE TABLE shop.products (
    id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    sku shop.sku NOT NULL UNIQUE,
    name text NOT NULL,
    category_id integer NOT NULL,
    box shop.dimensions,
    tags text[] NOT NULL DEFAULT '{}',
    attributes jsonb NOT NULL DEFAULT '{}',
    label oid,
    words tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, name)) STORED,
    withdrawn boolean NOT NULL DEFAULT false
);
INSERT INTO shop.products (id, sku, name, category_id, box, tags, attributes, label, withdrawn)
SELECT i, 'LC-' || lpad(i::text, 5, '0'),
    pg_temp.pick(ARRAY['Yirgacheffe', 'Sidamo', 'Huila', 'Antigua', 'Kona', 'Mandheling', 'Blue Mountain', 'Bourbon Pointu', 'Limosa House'],
        pg_temp.dice(i, 7, 9)) || ' ' || pg_temp.pick(ARRAY['Washed', 'Natural', 'Honey', 'Anaerobic', 'Decaf'], pg_temp.dice(i, 8, 5)) || ' #' || i,
    1 + pg_temp.dice(i, 9, 40), CASE WHEN i % 9 = 0 THEN NULL ELSE ROW(80 + i % 40, 160 + i % 90, nullif(i % 60, 0))::shop.dimensions END,
    ARRAY[pg_temp.pick(ARRAY['fruity', 'nutty', 'floral', 'earthy'], i), 'lot ' || i % 17],
    jsonb_build_object('roast', i % 5 + 1, 'altitude', jsonb_build_array(900 + i * 3, 1400 + i * 4), 'organic', i % 2 = 0, 'note', NULL),
    CASE i WHEN 1 THEN 7001 WHEN 2 THEN 7002 WHEN 3 THEN 7003 WHEN 4 THEN 7004 END, i % 23 = 0
FROM generate_series(1, 240) i;

-- Labels as large objects: a drawing, 300 kB over many pages, zeros only, and an empty one.
DO $$
BEGIN
    PERFORM lo_from_bytea(7001, convert_to('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 7q4-9 9-2l-4 1z"/></svg>', 'UTF8'));
    PERFORM lo_from_bytea(7002, (SELECT string_agg(decode(md5('label' || i), 'hex'), NULL ORDER BY i) FROM generate_series(1, 19200) i));
    PERFORM lo_from_bytea(7003, decode(repeat('00', 4097), 'hex'));
    PERFORM lo_from_bytea(7004, '');
END $$;
COMMENT ON LARGE OBJECT 7001 IS 'Label of LC-00001, the godwit in flight';
COMMENT ON LARGE OBJECT 7004 IS 'The printer''s "empty" label';

CREATE TABLE shop.variants (
    id integer PRIMARY KEY,
    product_id integer NOT NULL,
    grams integer NOT NULL CHECK (grams > 0),
    grind text NOT NULL,
    weight_kg numeric(8, 3) GENERATED ALWAYS AS (grams / 1000.0) STORED,
    UNIQUE (product_id, grams, grind)
);
INSERT INTO shop.variants (id, product_id, grams, grind)
SELECT i, 1 + (i - 1) / 3, (ARRAY[250, 500, 1000])[1 + i % 3], pg_temp.pick(ARRAY['whole', 'fine'], i / 240) FROM generate_series(1, 720) i;

CREATE TABLE shop.prices (
    variant_id integer NOT NULL,
    valid daterange NOT NULL,
    price shop.cents NOT NULL,
    CONSTRAINT one_price_at_a_time EXCLUDE USING gist (variant_id WITH =, valid WITH &&)
);
INSERT INTO shop.prices
SELECT v, daterange(date '2023-01-01' + y * 365, CASE WHEN y < 2 THEN date '2023-01-01' + (y + 1) * 365 END), 690 + v % 300 * 5 + y * 45
FROM generate_series(1, 720) v, generate_series(0, 2) y;

CREATE TABLE shop.coupons (
    code text PRIMARY KEY DEFAULT upper(encode(public.gen_random_bytes(4), 'hex')),
    percent numeric(5, 2) CHECK (percent > 0 AND percent <= 100),
    valid tstzrange NOT NULL,
    hint bytea
);
INSERT INTO shop.coupons
SELECT upper(substr(md5('coupon' || i), 1, 8)), 5 + i % 40 + 0.25,
    tstzrange(timestamptz '2025-01-01 00:00:00+00' + i * interval '1 day', CASE WHEN i % 5 > 0 THEN timestamptz '2026-01-01 00:00:00+00' + i * interval '1 day' END),
    decode(md5(i::text), 'hex')
FROM generate_series(1, 300) i;

CREATE TABLE shop.orders (
    id bigint NOT NULL DEFAULT nextval('shop.order_number'),
    placed_on date NOT NULL,
    customer_id bigint NOT NULL,
    store_id smallint NOT NULL,
    state shop.order_state NOT NULL DEFAULT 'cart',
    total shop.cents NOT NULL,
    coupon text,
    note text,
    meta jsonb,
    PRIMARY KEY (id, placed_on)
) PARTITION BY RANGE (placed_on);
CREATE TABLE shop.orders_2023 PARTITION OF shop.orders FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE shop.orders_2024 PARTITION OF shop.orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE shop.orders_2025 PARTITION OF shop.orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id);
CREATE TABLE shop.orders_2025_even PARTITION OF shop.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE shop.orders_2025_odd PARTITION OF shop.orders_2025 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE shop.orders_later PARTITION OF shop.orders DEFAULT;
INSERT INTO shop.orders
SELECT 100000 + i, date '2023-01-01' + i / 42, 1001 + pg_temp.dice(i, 10, 12000), 1 + pg_temp.dice(i, 11, 4),
    (enum_range(NULL::shop.order_state))[CASE WHEN i = 31337 THEN 7 ELSE 1 + pg_temp.dice(i, 12, 6) END], 500 + pg_temp.dice(i, 13, 9000),
    CASE WHEN i % 19 = 0 THEN upper(substr(md5('coupon' || 1 + i % 300), 1, 8)) END,
    CASE i % 40 WHEN 0 THEN 'Ring twice, "please"' WHEN 1 THEN E'First line\nsecond line\r\n\tthird' WHEN 2 THEN '' WHEN 3 THEN '\N' WHEN 4 THEN 'Grüße 🐦' END,
    CASE WHEN i % 3 = 0 THEN jsonb_build_object('ip', '10.1.' || i % 256 || '.' || i % 199, 'agent', md5('agent' || i % 97), 'gift', i % 2 = 0) END
FROM generate_series(1, 46000) i;

CREATE TABLE shop.order_lines (
    order_id bigint NOT NULL,
    placed_on date NOT NULL,
    line smallint NOT NULL,
    variant_id integer NOT NULL,
    quantity integer NOT NULL CHECK (quantity <> 0),
    price shop.cents NOT NULL,
    line_total bigint GENERATED ALWAYS AS (quantity * price) STORED,
    PRIMARY KEY (order_id, line)
);
INSERT INTO shop.order_lines (order_id, placed_on, line, variant_id, quantity, price)
SELECT 100000 + i, date '2023-01-01' + i / 42, l, 1 + pg_temp.dice(i * 5 + l, 14, 720), 1 + pg_temp.dice(i * 5 + l, 15, 6), 690 + pg_temp.dice(i * 5 + l, 16, 1500)
FROM generate_series(1, 46000) i, generate_series(1, 1 + i % 4) l;

CREATE TABLE shop.payments (
    id bigint NOT NULL,
    method text NOT NULL,
    order_id bigint NOT NULL,
    placed_on date NOT NULL,
    amount numeric(12, 2) NOT NULL,
    paid_at timestamp without time zone,
    reference character varying(40),
    PRIMARY KEY (id, method)
) PARTITION BY LIST (method);
CREATE TABLE shop.payments_card PARTITION OF shop.payments FOR VALUES IN ('card', 'wallet');
CREATE TABLE shop.payments_cash PARTITION OF shop.payments FOR VALUES IN ('cash');
CREATE TABLE shop.payments_other PARTITION OF shop.payments DEFAULT;
INSERT INTO shop.payments
SELECT i, pg_temp.pick(ARRAY['card', 'card', 'card', 'wallet', 'cash', 'shells'], pg_temp.dice(i, 17, 6)), 100000 + i, date '2023-01-01' + i / 42,
    (500 + pg_temp.dice(i, 13, 9000)) / 100.0, timestamp '2023-01-01 08:00:00' + i * interval '34 minutes 17.5 seconds', upper(md5('payment' || i))
FROM generate_series(1, 44000) i;

CREATE TABLE shop.shipments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id bigint NOT NULL,
    placed_on date NOT NULL,
    carrier text NOT NULL,
    parcels shop.dimensions[],
    travelled interval,
    route path
);
INSERT INTO shop.shipments
SELECT md5('shipment' || i)::uuid, 100000 + i * 5, date '2023-01-01' + i * 5 / 42, pg_temp.pick(ARRAY['Post', 'Bike', 'Ferry', 'Godwit Air'], i),
    CASE WHEN i % 6 = 0 THEN NULL ELSE ARRAY[ROW(300, 200, 100), ROW(i % 99, NULL, 5)]::shop.dimensions[] END,
    pg_temp.dice(i, 18, 200) * interval '1 hour 7 minutes' + (i % 3) * interval '1 month -2 days',
    CASE WHEN i % 10 = 0 THEN '[(53,4.8),(54.5,9.1),(61.2,-149.9)]'::path END
FROM generate_series(1, 9000) i;

CREATE TABLE shop.subscriptions (
    id integer PRIMARY KEY,
    customer_id bigint NOT NULL,
    variant_id integer NOT NULL,
    running daterange NOT NULL,
    every interval NOT NULL DEFAULT '14 days',
    EXCLUDE USING gist (customer_id WITH =, variant_id WITH =, running WITH &&) DEFERRABLE INITIALLY DEFERRED
);
INSERT INTO shop.subscriptions
SELECT i, 1001 + i * 3 % 12000, 1 + i % 720, daterange(date '2024-01-01' + i % 300, CASE WHEN i % 4 > 0 THEN date '2025-01-01' + i % 300 END, '[]'), (7 + i % 21) * interval '1 day'
FROM generate_series(1, 2500) i;

CREATE TABLE shop.reviews (
    id bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 10 INCREMENT BY 10) PRIMARY KEY,
    product_id integer NOT NULL,
    customer_id bigint NOT NULL,
    stars shop.rating,
    body text NOT NULL,
    published boolean NOT NULL DEFAULT false,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, body)) STORED
);
INSERT INTO shop.reviews (id, product_id, customer_id, stars, body, published)
SELECT i * 10, 1 + pg_temp.dice(i, 19, 240), 1001 + pg_temp.dice(i, 20, 12000), 1 + pg_temp.dice(i, 21, 5),
    pg_temp.pick(ARRAY['Tastes of %s and the sea.', 'Too sour for me; my %s liked it.', 'Immer wieder: %s!', 'Un café comme %s, parfait.', 'とても美味しい (%s)',
        'Очень вкусно: %s', '100%% %s 👍🏽', 'She said "%s" & left', 'C:\beans\%s'], pg_temp.dice(i, 22, 9)) || ' ' || md5('review' || i), i % 8 <> 0
FROM generate_series(1, 9000) i;
UPDATE shop.reviews SET body = replace(body, '%s', pg_temp.pick(ARRAY['honey', 'tobacco', 'bergamot', 'peat'], (id / 10 % 4)::integer)) WHERE id % 30 = 0;

CREATE TABLE shop.stock_movements (
    id bigint NOT NULL,
    variant_id integer NOT NULL,
    store_id smallint NOT NULL,
    change integer NOT NULL,
    reason text,
    moved_at timestamptz NOT NULL
) PARTITION BY HASH (variant_id);
CREATE TABLE shop.stock_movements_0 PARTITION OF shop.stock_movements FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE shop.stock_movements_1 PARTITION OF shop.stock_movements FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE shop.stock_movements_2 PARTITION OF shop.stock_movements FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO shop.stock_movements
SELECT i, 1 + pg_temp.dice(i, 23, 720), 1 + i % 4, pg_temp.dice(i, 24, 200) - 100, pg_temp.pick(ARRAY['sale', 'return', 'delivery', 'mouse'], i),
    timestamptz '2024-01-01 00:00:00+00' + i * interval '25 minutes'
FROM generate_series(1, 40000) i;

CREATE TABLE shop.audit_log (
    id bigserial,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    who text NOT NULL DEFAULT current_user,
    what text NOT NULL,
    old_row jsonb,
    new_row jsonb
);
INSERT INTO shop.audit_log
SELECT i, timestamptz '2025-06-01 00:00:00+00' + i * interval '11 minutes', pg_temp.pick(ARRAY['ada', 'bente', 'cron'], i), 'UPDATE shop.customers',
    jsonb_build_object('id', 1000 + i, 'favourite', 'filter'), jsonb_build_object('id', 1000 + i, 'favourite', 'cold brew')
FROM generate_series(1, 1500) i;

-- ------------------------------------------------------------------------------------------------------------- roastery

CREATE TABLE roastery.growers (
    id integer PRIMARY KEY,
    name text NOT NULL,
    farm polygon,
    altitude int4range NOT NULL,
    lots integer[][] NOT NULL,
    phone text
);
INSERT INTO roastery.growers
SELECT i, pg_temp.pick(ARRAY['Finca La Aguja', 'Kebele Coop', 'Gayo Women''s Coop', 'Fazenda Maçarico', 'ゴッドウィット農園'], i) || ' ' || i,
    polygon(box(point(i % 90, i % 45), point(i % 90 + 1, i % 45 + 1))), int4range(800 + i * 5, 1200 + i * 7), ARRAY[ARRAY[i, i * 2], ARRAY[i * 3, NULL]], '+00 ' || i * 7919
FROM generate_series(1, 120) i;

CREATE TABLE roastery.batches (
    id integer PRIMARY KEY,
    grower_id integer NOT NULL,
    product_id integer,
    profile numrange NOT NULL,
    curve real[] NOT NULL,
    took interval MINUTE TO SECOND NOT NULL,
    finished timetz NOT NULL,
    checksum bit(16) NOT NULL,
    flags bit varying(8)
);
INSERT INTO roastery.batches
SELECT i, 1 + pg_temp.dice(i, 25, 120), 1 + i % 240, numrange(180 + i % 20 + 0.5, 215 + i % 10, '[]'), ARRAY[20.5, 180 + i % 20 / 3.0, NULL, 210.25]::real[],
    (600 + i % 400) * interval '1 second', (time '06:00' + i * interval '1 minute')::text::timetz, (i * 31 % 65536)::bit(16), (i % 8)::bit(3)::varbit
FROM generate_series(1, 3000) i;

CREATE TABLE roastery.readings (
    sensor smallint NOT NULL,
    read_at timestamptz NOT NULL,
    batch_id integer,
    CONSTRAINT "sensor number" CHECK (sensor > 0)
);
CREATE TABLE roastery.temperature_readings (celsius double precision NOT NULL) INHERITS (roastery.readings);
CREATE TABLE roastery.humidity_readings (percent numeric(5, 2) NOT NULL CHECK (percent BETWEEN 0 AND 100)) INHERITS (roastery.readings);
INSERT INTO roastery.readings SELECT 1 + i % 3, timestamptz '2025-03-01 00:00:00+00' + i * interval '1 hour', NULL FROM generate_series(1, 500) i;
INSERT INTO roastery.temperature_readings
SELECT 1 + i % 9, timestamptz '2025-03-01 00:00:00+00' + i * interval '40 seconds', 1 + i % 3000,
    CASE WHEN i % 5000 = 0 THEN 'NaN' WHEN i % 7001 = 0 THEN '-Infinity' ELSE 20 + pg_temp.dice(i, 26, 200000) / 1001.0 END::double precision
FROM generate_series(1, 24000) i;
INSERT INTO roastery.humidity_readings
SELECT 10 + i % 4, timestamptz '2025-03-01 00:00:00+00' + i * interval '55 seconds', 1 + i % 3000, pg_temp.dice(i, 27, 10001) / 100.0
FROM generate_series(1, 14000) i;

-- The values that cheap copies lose.
CREATE TABLE roastery.extremes (
    what text PRIMARY KEY, n numeric, f double precision, r real, d date, t timestamptz, i interval, b bytea, j json, r4 int4range, c character(5), m macaddr, q tsquery
);
INSERT INTO roastery.extremes (what, n, f, r, d, t, i, b, j, r4, c, m, q) VALUES
    ('nothing', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('not a number', 'NaN', 'NaN', 'NaN', NULL, NULL, NULL, '', '[]', 'empty', '', NULL, NULL),
    ('infinite', 1e-100, 'Infinity', '-Infinity', 'infinity', '-infinity', NULL, '\x00', '{}', '(,)', 'ab', NULL, NULL),
    ('minus zero', -0.000, '-0', '-0', '0001-01-01 BC', '4713-01-01 00:00:00+00 BC', '00:00:00', '\x5c6e', 'null', '[1,1]', ' ', '08:00:2b:01:02:03', NULL),
    ('very large', 99999999999999999999999999999999999999.123456789, 1.7976931348623157e308, 3.4028235e38, '5874897-12-31', '294276-12-31 23:59:59.999999+00',
        '178000000 years', decode(repeat('ff00', 3000), 'hex'), '{"a":  1, "a": 2}', '[-2147483648,2147483647)', 'abcde', 'ff:ff:ff:ff:ff:ff', 'fat & (rat:B | ''c:at'':*)'),
    ('very small', 0.1230000, 4.9e-324, 1e-45, '4713-01-01 BC', '2024-02-29 23:59:59.000001+00', '-1 mons +3 days -00:00:00.000001', '\xdeadbeef', '"\u00e9\ud83d\ude00"',
        NULL, 'é', NULL, NULL),
    ('control characters', 0, 0, 0, '2000-01-01', '2000-01-01 00:00:00+00', '1 day', convert_to(E'\b\f\n\r\t\v\\.', 'UTF8'), E'{"tab":"\\t"}', NULL, E'\t\n', NULL, NULL),
    (E'\\.', 1, 1, 1, NULL, NULL, NULL, convert_to(E'\\N', 'UTF8'), NULL, NULL, '\N', NULL, NULL);

CREATE UNLOGGED TABLE roastery.shift_notes (id integer PRIMARY KEY, note text);
ALTER TABLE roastery.shift_notes ALTER COLUMN note SET STORAGE EXTERNAL;
INSERT INTO roastery.shift_notes SELECT i, repeat(md5(i::text) || ' ', 20 + i % 300) FROM generate_series(1, 400) i;

-- ------------------------------------------------------------------------------------------------------------------ web

CREATE TABLE web.sessions (
    id uuid PRIMARY KEY DEFAULT public.uuid_generate_v1mc(),
    customer_id bigint,
    started_at timestamptz NOT NULL,
    address cidr,
    data jsonb NOT NULL
);
INSERT INTO web.sessions
SELECT md5('session' || i)::uuid, CASE WHEN i % 3 > 0 THEN 1001 + pg_temp.dice(i, 28, 12000) END, timestamptz '2025-09-01 00:00:00+00' + i * interval '9 minutes',
    network(set_masklen(inet '2001:db8::' + i, 120)), jsonb_build_object('cart', jsonb_build_array(i % 720, i % 77), 'theme', pg_temp.pick(ARRAY['light', 'dark'], i))
FROM generate_series(1, 8000) i;

CREATE TABLE web.events (
    id bigint NOT NULL,
    kind text NOT NULL,
    happened_at timestamptz NOT NULL,
    session_id uuid,
    payload jsonb NOT NULL
) PARTITION BY LIST (kind);
CREATE TABLE web.events_page PARTITION OF web.events FOR VALUES IN ('page') PARTITION BY RANGE (happened_at);
CREATE TABLE web.events_page_early PARTITION OF web.events_page FOR VALUES FROM (MINVALUE) TO ('2025-10-01 00:00:00+00');
CREATE TABLE web.events_page_late PARTITION OF web.events_page FOR VALUES FROM ('2025-10-01 00:00:00+00') TO (MAXVALUE);
CREATE TABLE web.events_click (payload jsonb NOT NULL, old_column text, session_id uuid, kind text NOT NULL, happened_at timestamptz NOT NULL, id bigint NOT NULL);
ALTER TABLE web.events_click DROP COLUMN old_column;
ALTER TABLE web.events ATTACH PARTITION web.events_click FOR VALUES IN ('click'); -- its columns stand in another order than the parent's
CREATE TABLE web.events_rest PARTITION OF web.events DEFAULT;
INSERT INTO web.events
SELECT i, pg_temp.pick(ARRAY['page', 'page', 'click', 'error'], pg_temp.dice(i, 29, 4)), timestamptz '2025-09-01 00:00:00+00' + i * interval '2 minutes 30 seconds',
    CASE WHEN i % 11 > 0 THEN md5('session' || 1 + i % 8000)::uuid END,
    jsonb_build_object('path', '/coffee/' || i % 240, 'referrer', CASE WHEN i % 4 = 0 THEN 'https://example.org/?q=' || md5(i::text) END, 'ms', i % 900, 'ua', md5('ua' || i % 50) || md5('v' || i % 9))
FROM generate_series(1, 30000) i;

-- ------------------------------------------------------------------------------------------------------------ odd names

CREATE TABLE "Odd Names"."<b>Tea</b> & ""Biscuits"" 'n' 100%\" (
    "Select" integer PRIMARY KEY, " leading space" text, "a""b" text, "col.with.dots" text, "$1" text, "日本語" text, "%s {0} \t" text
);
INSERT INTO "Odd Names"."<b>Tea</b> & ""Biscuits"" 'n' 100%\" SELECT i, 'x', '"', '.', '$1', '茶', '%s' FROM generate_series(1, 25) i;
CREATE TABLE "Odd Names"."line
break" ("first
second" text, "order" integer);
INSERT INTO "Odd Names"."line
break" SELECT E'a\nb', i FROM generate_series(1, 12) i;
CREATE TABLE "Odd Names"."Kaffee ☕ кофе قهوة 咖啡" ("größe" text, "UPPER" text, "upper" text);
INSERT INTO "Odd Names"."Kaffee ☕ кофе قهوة 咖啡" VALUES ('groß', 'Ä', 'ä'), ('mittel', '𝒳', 'ﬁ'), ('klein', E'e\u0301', 'é');
CREATE TABLE "Odd Names"."a_name_of_exactly_sixty_three_bytes_as_long_as_postgres_permits" (id integer PRIMARY KEY);
INSERT INTO "Odd Names"."a_name_of_exactly_sixty_three_bytes_as_long_as_postgres_permits" VALUES (63);
CREATE TABLE "Odd Names"."user" ("table" text, "null" integer DEFAULT nextval('"Odd Names"."Sequence ""with"" quotes"'));
INSERT INTO "Odd Names"."user" ("table") VALUES ('one'), ('two'), ('three');
CREATE TABLE "Odd Names".no_columns ();
INSERT INTO "Odd Names".no_columns DEFAULT VALUES;
INSERT INTO "Odd Names".no_columns DEFAULT VALUES;
CREATE TABLE "Odd Names"."EMPTY" (id uuid PRIMARY KEY, words text[] DEFAULT '{"a,b",NULL,"NULL"}', at timestamptz DEFAULT 'epoch');
COMMENT ON TABLE "Odd Names"."line
break" IS E'A comment\nwith "two" lines; -- and SQL in it: DROP TABLE x;';
COMMENT ON COLUMN "Odd Names"."user"."table" IS 'Keywords need quotes';

-- ------------------------------------------------------------------------------------------------------- sequences' places

DO $$
BEGIN
    PERFORM setval('shop.order_number', 146000, true);
    PERFORM setval('shop.countdown', -12, true);
    PERFORM setval('shop.customers_id_seq', 13001, false);
    PERFORM setval('shop.products_id_seq', 240, true);
    PERFORM setval('shop.reviews_id_seq', 90000, true);
    PERFORM setval('shop.addresses_id_seq', 15000, true);
    PERFORM setval('shop.audit_log_id_seq', 1500, true);
END $$;

-- -------------------------------------------------------------------------------------------------- indexes and statistics

CREATE INDEX customers_by_name_alike ON shop.customers USING gin (search_name gin_trgm_ops);
CREATE INDEX customers_with_milk ON shop.customers USING gist (preferences);
CREATE INDEX customers_by_domain ON shop.customers (lower(split_part(email::text, '@', 2)), joined_at DESC NULLS LAST);
CREATE INDEX addresses_of_customer ON shop.addresses (customer_id) INCLUDE (is_default);
CREATE UNIQUE INDEX one_default_address ON shop.addresses (customer_id) WHERE is_default;
CREATE INDEX addresses_from ON shop.addresses USING gist (seen_from inet_ops);
CREATE INDEX products_words ON shop.products USING gin (words);
CREATE INDEX products_attributes ON shop.products USING gin (attributes jsonb_path_ops);
CREATE INDEX products_tags ON shop.products USING gin (tags);
CREATE INDEX reviews_words ON shop.reviews USING gin (words);
CREATE INDEX reviews_waiting ON shop.reviews (product_id) WHERE NOT published;
CREATE INDEX orders_of_customer ON shop.orders (customer_id, placed_on);
CREATE INDEX orders_open ON shop.orders (state) WHERE state IN ('cart', 'placed', 'roasting');
CREATE INDEX lines_of_variant ON shop.order_lines (variant_id);
CREATE INDEX payments_by_reference ON shop.payments USING hash (reference);
CREATE INDEX movements_by_time ON shop.stock_movements USING brin (moved_at) WITH (pages_per_range = 32);
CREATE INDEX "index ""with"" odd name; --" ON "Odd Names"."user" (("table" || 'x'));
CREATE INDEX events_of_session ON web.events (session_id);
CREATE INDEX stores_nearby ON shop.stores USING gist (location);
ALTER TABLE shop.addresses CLUSTER ON addresses_of_customer;
ALTER TABLE shop.audit_log REPLICA IDENTITY FULL;
ALTER TABLE shop.customers ALTER COLUMN email SET STATISTICS 200;
CREATE STATISTICS shop.orders_state_and_store (dependencies, ndistinct, mcv) ON state, store_id FROM shop.orders_2024;
COMMENT ON INDEX shop.one_default_address IS 'Nobody has two default addresses';

-- ------------------------------------------------------------------------------------------------------------ foreign keys

ALTER TABLE shop.stores ADD CONSTRAINT stores_manager FOREIGN KEY (manager_id) REFERENCES shop.employees DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE shop.employees ADD CONSTRAINT employees_store FOREIGN KEY (store_id) REFERENCES shop.stores ON UPDATE CASCADE;
ALTER TABLE shop.employees ADD CONSTRAINT employees_manager FOREIGN KEY (manager_id) REFERENCES shop.employees ON DELETE SET NULL;
ALTER TABLE shop.addresses ADD CONSTRAINT addresses_customer FOREIGN KEY (customer_id) REFERENCES shop.customers ON DELETE CASCADE;
ALTER TABLE shop.categories ADD CONSTRAINT categories_parent FOREIGN KEY (parent_id) REFERENCES shop.categories;
ALTER TABLE shop.products ADD CONSTRAINT products_category FOREIGN KEY (category_id) REFERENCES shop.categories;
ALTER TABLE shop.variants ADD CONSTRAINT variants_product FOREIGN KEY (product_id) REFERENCES shop.products;
ALTER TABLE shop.prices ADD CONSTRAINT prices_variant FOREIGN KEY (variant_id) REFERENCES shop.variants;
ALTER TABLE shop.orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES shop.customers;
ALTER TABLE shop.order_lines ADD CONSTRAINT lines_order FOREIGN KEY (order_id, placed_on) REFERENCES shop.orders ON DELETE CASCADE;
ALTER TABLE shop.order_lines ADD CONSTRAINT lines_variant FOREIGN KEY (variant_id) REFERENCES shop.variants;
ALTER TABLE shop.shipments ADD CONSTRAINT shipments_order FOREIGN KEY (order_id, placed_on) REFERENCES shop.orders;
ALTER TABLE shop.subscriptions ADD CONSTRAINT subscriptions_customer FOREIGN KEY (customer_id) REFERENCES shop.customers;
ALTER TABLE shop.reviews ADD CONSTRAINT reviews_product FOREIGN KEY (product_id) REFERENCES shop.products;
ALTER TABLE roastery.batches ADD CONSTRAINT batches_grower FOREIGN KEY (grower_id) REFERENCES roastery.growers;
-- Never validated, and rows that break them: a restore must not try.
INSERT INTO roastery.batches SELECT 3001, 1, 9999, 'empty', '{}', '10:00', '07:00+02', B'1010101010101010', NULL;
ALTER TABLE roastery.batches ADD CONSTRAINT batches_product FOREIGN KEY (product_id) REFERENCES shop.products NOT VALID;
ALTER TABLE roastery.batches ADD CONSTRAINT batches_have_a_curve CHECK (cardinality(curve) > 0) NOT VALID;

-- ------------------------------------------------------------------------------------------------------------------ views

CREATE VIEW shop.order_totals AS
    SELECT o.id, o.placed_on, o.state, o.total, shop.as_price(o.total) AS price, count(l.line) AS lines, sum(l.line_total) AS lines_total
    FROM shop.orders o LEFT JOIN shop.order_lines l ON l.order_id = o.id AND l.placed_on = o.placed_on
    GROUP BY o.id, o.placed_on, o.state, o.total;
CREATE VIEW shop.reviewed_products AS -- groups by the primary key alone: cannot be restored before it
    SELECT p.id, p.name, p.sku, count(*) AS reviews, round(avg(r.stars), 2) AS stars FROM shop.products p JOIN shop.reviews r ON r.product_id = p.id GROUP BY p.id;
CREATE VIEW shop.directory WITH (security_barrier = true) AS
    SELECT id, email, name, joined_at FROM shop.customers WHERE preferences -> 'newsletter' = 'true' WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW shop.reporting_line (id, name, depth) AS
    SELECT id, name, 0 FROM shop.employees WHERE manager_id IS NULL
    UNION ALL SELECT e.id, e.name, r.depth + 1 FROM shop.employees e JOIN reporting_line r ON e.manager_id = r.id;
CREATE VIEW "Odd Names"."view of ""user""" AS SELECT "table" AS "The Table", "null" FROM "Odd Names"."user";
CREATE MATERIALIZED VIEW shop.best_sellers AS
    SELECT v.product_id, p.name, sum(l.quantity) AS sold, shop.cheapest(l.price) AS cheapest, shop.normalized(p.name) AS search_name
    FROM shop.order_lines l JOIN shop.variants v ON v.id = l.variant_id JOIN shop.products p ON p.id = v.product_id
    GROUP BY v.product_id, p.name;
CREATE UNIQUE INDEX best_sellers_product ON shop.best_sellers (product_id);
CREATE MATERIALIZED VIEW roastery.never_refreshed AS SELECT count(*) AS batches FROM roastery.batches WITH NO DATA;
COMMENT ON MATERIALIZED VIEW shop.best_sellers IS 'Refreshed every night by cron';

CREATE FUNCTION shop.customer_label(c shop.customers) RETURNS text LANGUAGE sql STABLE AS $$ SELECT c.name || ' <' || c.email::text || '>' $$;
CREATE FUNCTION shop.orders_of(who shop.email, OUT order_id bigint, OUT price text) RETURNS SETOF record LANGUAGE sql STABLE AS
$$ SELECT o.id, shop.as_price(o.total) FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE c.email OPERATOR(public.=) who $$;
CREATE FUNCTION shop.menu(wanted text) RETURNS TABLE (name text, rank real) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = shop, pg_temp AS
$function$
DECLARE
    q tsquery := plainto_tsquery('english', wanted);
BEGIN
    RETURN QUERY SELECT p.name, ts_rank(p.words, q) FROM products p WHERE p.words @@ q ORDER BY 2 DESC, 1;
END
$function$;
CREATE FUNCTION "Odd Names"."does; ""nothing""" ("Arg One" integer DEFAULT 1) RETURNS void LANGUAGE plpgsql AS $body$ BEGIN NULL; /* $$ ' " */ END $body$;
CREATE PROCEDURE shop.close_year(year integer, INOUT closed bigint DEFAULT 0) LANGUAGE plpgsql AS
$$
BEGIN
    UPDATE shop.orders SET state = 'delivered' WHERE state = 'shipped' AND extract(year FROM placed_on) = year;
    GET DIAGNOSTICS closed = ROW_COUNT;
END
$$;
CREATE PROCEDURE shop.refresh_best_sellers() LANGUAGE sql AS $$ REFRESH MATERIALIZED VIEW shop.best_sellers $$;
COMMENT ON FUNCTION shop.orders_of(shop.email) IS 'What support looks up first';
COMMENT ON PROCEDURE shop.close_year(integer, bigint) IS 'Run on New Year''s Day';

-- ---------------------------------------------------------------------------------------------- triggers, rules, policies

CREATE FUNCTION shop.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE UPDATE ON shop.customers FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION shop.stamp();
CREATE FUNCTION shop.audit() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO shop.audit_log (what, old_row, new_row) VALUES (TG_OP || ' ' || TG_ARGV[0], to_jsonb(OLD), to_jsonb(NEW));
    RETURN NULL;
END
$$;
CREATE TRIGGER audit AFTER UPDATE OF name, email ON shop.customers FOR EACH ROW EXECUTE FUNCTION shop.audit('it''s "shop"."customers"');
CREATE FUNCTION shop.refuse_negative_stock() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF EXISTS (SELECT FROM moved WHERE change < -1000) THEN
        RAISE EXCEPTION 'Nobody sells a thousand bags at once' USING HINT = 'Split the sale.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER refuse AFTER INSERT ON shop.stock_movements_0 REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION shop.refuse_negative_stock();
CREATE FUNCTION shop.check_total() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.total > 10000000 THEN
        RAISE EXCEPTION 'Order % is too good to be true', NEW.id;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER check_total BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.check_total();
CREATE CONSTRAINT TRIGGER total_at_commit AFTER INSERT ON shop.payments_cash DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.audit('payment');
CREATE FUNCTION shop.subscribe() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN UPDATE shop.customers SET name = NEW.name WHERE id = OLD.id; RETURN NEW; END $$;
CREATE TRIGGER rename INSTEAD OF UPDATE ON shop.reviewed_products FOR EACH ROW EXECUTE FUNCTION shop.subscribe();
CREATE TRIGGER switched_off BEFORE UPDATE ON shop.orders_2023 FOR EACH ROW EXECUTE FUNCTION shop.check_total();
ALTER TABLE shop.orders_2023 DISABLE TRIGGER switched_off;
COMMENT ON TRIGGER audit ON shop.customers IS 'Asked for by the accountant';

CREATE RULE audit_is_kept AS ON DELETE TO shop.audit_log DO INSTEAD NOTHING;
ALTER TABLE shop.reviews ENABLE ROW LEVEL SECURITY;
CREATE POLICY published_only ON shop.reviews FOR SELECT TO PUBLIC USING (published);
CREATE POLICY "own words" ON shop.reviews AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (NOT published) WITH CHECK (stars > 0);
COMMENT ON POLICY published_only ON shop.reviews IS 'The owner sees all of them';

SET LOCAL client_min_messages = error; -- an ordinary owner may not analyze the shared catalogs, and need not hear of each
ANALYZE;

COMMIT;
