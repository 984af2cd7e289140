-- What runs: functions, procedures, aggregates, operators and their classes, casts, conversions, text search, languages, transforms.
CREATE FUNCTION add_up(a int, b int DEFAULT 2, VARIADIC more int[] DEFAULT '{}') RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 7 AS
    'SELECT a + b + coalesce((SELECT sum(m) FROM unnest(more) m), 0)::int';
CREATE FUNCTION add_up(a text) RETURNS text LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem TO '8MB' AS $$SELECT a || $1$$;
CREATE FUNCTION many(OUT a int, OUT "b c" text) RETURNS SETOF record LANGUAGE plpgsql ROWS 5 AS $body$
BEGIN
    -- $$ inside, a backslash \ and 'quotes'
    FOR a IN 1..3 LOOP "b c" := E'\\' || a; RETURN NEXT; END LOOP;
END $body$;
CREATE FUNCTION as_table(wanted mood) RETURNS TABLE (id int, m mood) LANGUAGE sql STABLE AS 'SELECT id, m FROM zoo.own_types WHERE m = wanted';
CREATE PROCEDURE tidy_up(INOUT n int) LANGUAGE plpgsql AS 'BEGIN n := n + 1; COMMIT; END';
\if :v14
CREATE FUNCTION in_standard_sql(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a * 2;
CREATE FUNCTION of_several(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM zoo.pages WHERE id < a; SELECT a + 1; END;
\endif
\if :super
ALTER FUNCTION add_up(text) LEAKPROOF;
\endif
COMMENT ON FUNCTION add_up(int, int, int[]) IS 'Adds';
COMMENT ON PROCEDURE tidy_up IS 'Sweeps';
ALTER FUNCTION many() OWNER TO zoo_keeper;
REVOKE EXECUTE ON FUNCTION many() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION many() TO zoo_visitor;

CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1', COMBINEFUNC = numeric_mul, PARALLEL = SAFE);
CREATE AGGREGATE moving_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = 0, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = 0);
\if :super
CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
\endif
COMMENT ON AGGREGATE product(numeric) IS 'Multiplies';

CREATE FUNCTION near(point3, point3) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x - ($2).x < 1';
CREATE OPERATOR <~> (LEFTARG = point3, RIGHTARG = point3, FUNCTION = near, COMMUTATOR = <~>, RESTRICT = contsel, JOIN = contjoinsel);
CREATE OPERATOR @#@ (RIGHTARG = bigint, FUNCTION = int8abs);
COMMENT ON OPERATOR <~> (point3, point3) IS 'Roughly';
\if :super
CREATE FUNCTION mass_compare(mass, mass) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint8cmp';
CREATE FUNCTION mass_lt(mass, mass) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8lt';
CREATE FUNCTION mass_le(mass, mass) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8le';
CREATE FUNCTION mass_eq(mass, mass) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8eq';
CREATE FUNCTION mass_ge(mass, mass) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8ge';
CREATE FUNCTION mass_gt(mass, mass) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8gt';
CREATE OPERATOR < (LEFTARG = mass, RIGHTARG = mass, FUNCTION = mass_lt, COMMUTATOR = >, NEGATOR = >=);
CREATE OPERATOR <= (LEFTARG = mass, RIGHTARG = mass, FUNCTION = mass_le, COMMUTATOR = >=, NEGATOR = >);
CREATE OPERATOR = (LEFTARG = mass, RIGHTARG = mass, FUNCTION = mass_eq, COMMUTATOR = =, MERGES);
CREATE OPERATOR >= (LEFTARG = mass, RIGHTARG = mass, FUNCTION = mass_ge, COMMUTATOR = <=, NEGATOR = <);
CREATE OPERATOR > (LEFTARG = mass, RIGHTARG = mass, FUNCTION = mass_gt, COMMUTATOR = <, NEGATOR = <=);
CREATE OPERATOR FAMILY mass_family USING btree;
CREATE OPERATOR CLASS mass_class DEFAULT FOR TYPE mass USING btree FAMILY mass_family AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 mass_compare(mass, mass);
COMMENT ON OPERATOR CLASS mass_class USING btree IS 'By weight';
COMMENT ON OPERATOR FAMILY mass_family USING btree IS 'All weights';
CREATE TABLE weighed (w mass PRIMARY KEY);
INSERT INTO weighed SELECT n::text::mass FROM generate_series(1, 100) n;
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap_too IS 'The same';
CREATE TABLE stored_otherwise (id int) USING heap_too;
INSERT INTO stored_otherwise SELECT generate_series(1, 1000);
\endif

CREATE COLLATION phone_book (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION bytes_only FROM "C";
COMMENT ON COLLATION phone_book IS 'ä as ae';
CREATE TABLE collated (a text COLLATE phone_book, b text COLLATE any_case PRIMARY KEY, c text COLLATE bytes_only);
INSERT INTO collated VALUES ('Äpfel', 'Apple', 'x'), ('Apfel', 'banana', 'y');
CREATE CONVERSION to_utf8 FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION to_utf8 IS 'By hand';

\if :super
CREATE TEXT SEARCH TEMPLATE plain (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = plain, STOPWORDS = english);
CREATE TEXT SEARCH PARSER chopper (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
COMMENT ON TEXT SEARCH PARSER chopper IS 'Chops';
COMMENT ON TEXT SEARCH TEMPLATE plain IS 'Plain';
\else
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, STOPWORDS = english);
\endif
CREATE TEXT SEARCH CONFIGURATION signs (COPY = english);
ALTER TEXT SEARCH CONFIGURATION signs ALTER MAPPING FOR asciiword, word WITH words, english_stem;
COMMENT ON TEXT SEARCH CONFIGURATION signs IS 'What stands on cages';
COMMENT ON TEXT SEARCH DICTIONARY words IS 'Few';
CREATE TABLE searched (id int, t text, tv tsvector GENERATED ALWAYS AS (to_tsvector('zoo.signs', t)) STORED);
INSERT INTO searched (id, t) VALUES (1, 'Do not feed the godwits'), (2, 'The godwit flies');
\if :super
CREATE FUNCTION call_too() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION inline_too(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION validate_too(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE plpgsql_too HANDLER call_too INLINE inline_too VALIDATOR validate_too;
COMMENT ON LANGUAGE plpgsql_too IS 'The same';
CREATE FUNCTION mood_in(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textlike_support';
CREATE TRANSFORM FOR mood LANGUAGE plpgsql_too (FROM SQL WITH FUNCTION mood_in(internal));
CREATE FUNCTION in_too(a int) RETURNS int LANGUAGE plpgsql_too AS 'BEGIN RETURN a; END';
\endif
