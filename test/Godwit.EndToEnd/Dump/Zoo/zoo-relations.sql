-- What stands upon tables: views, rules, triggers, policies, statistics, publications, foreign tables, rights; and large objects.
CREATE VIEW birds_seen WITH (security_barrier) AS SELECT b.*, "select"."line
break" FROM bird b LEFT JOIN "select" ON "from" = b.id;
CREATE VIEW checked AS SELECT id, t FROM empty_one WHERE id > 5 WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW countdown (n) AS SELECT 10 UNION ALL SELECT n - 1 FROM countdown WHERE n > 0;
-- A view that needs a primary key (created late), and two that need each other.
CREATE VIEW needs_key AS SELECT p.id, p.t, count(*) FROM pages p GROUP BY p.id;
CREATE VIEW circle_a AS SELECT 1 AS n;
CREATE VIEW circle_b AS SELECT n FROM circle_a;
CREATE OR REPLACE VIEW circle_a AS SELECT 1 AS n WHERE EXISTS (SELECT FROM pg_catalog.pg_class);
CREATE FUNCTION of_a_view(circle_b) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW circle_b AS SELECT n FROM circle_a WHERE of_a_view(ROW(1)::circle_b) = 1;
ALTER VIEW checked ALTER t SET DEFAULT 'from the view';
COMMENT ON VIEW checked IS 'Looks twice';
COMMENT ON COLUMN checked.t IS 'The text';
CREATE MATERIALIZED VIEW summary AS SELECT region, sum(amount) AS total FROM sale GROUP BY region;
CREATE UNIQUE INDEX ON summary (region);
CREATE MATERIALIZED VIEW upon_summary AS SELECT count(*) FROM summary;
CREATE MATERIALIZED VIEW unpopulated AS SELECT 1 / 0 AS never WITH NO DATA;
CREATE MATERIALIZED VIEW upon_unpopulated AS SELECT * FROM unpopulated WITH NO DATA;
COMMENT ON MATERIALIZED VIEW summary IS 'Of sales';
CLUSTER summary USING summary_region_idx;

CREATE TABLE ruled (id int, t text);
INSERT INTO ruled VALUES (1, 'before the rules');
CREATE RULE no_delete AS ON DELETE TO ruled DO INSTEAD NOTHING;
CREATE RULE "log ""it""" AS ON INSERT TO ruled WHERE new.id > 10 DO ALSO INSERT INTO empty_one VALUES (new.id, 'must not come from a restore');
CREATE RULE checked_update AS ON UPDATE TO checked DO INSTEAD (UPDATE empty_one SET t = new.t WHERE id = old.id; NOTIFY zoo);
ALTER TABLE ruled DISABLE RULE no_delete;
COMMENT ON RULE no_delete ON ruled IS 'Keep';
INSERT INTO ruled VALUES (2, 'below ten');

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'a restore must not fire %', TG_NAME; END$$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN new.t := new.t || ' stamped'; RETURN new; END$$;
CREATE TABLE triggered (id int PRIMARY KEY, t text);
INSERT INTO triggered SELECT n, 'calm' FROM generate_series(1, 30) n;
CREATE TRIGGER a_refuse BEFORE INSERT OR UPDATE OF t ON triggered FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION refuse();
CREATE TRIGGER b_disabled AFTER DELETE ON triggered REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER c_always BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TRIGGER d_replica BEFORE INSERT ON triggered FOR EACH ROW EXECUTE FUNCTION stamp('an argument', E'with \\ and ''quote''');
CREATE CONSTRAINT TRIGGER "e later" AFTER INSERT ON triggered DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER f_view INSTEAD OF INSERT ON birds_seen FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER g_parts AFTER UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE triggered DISABLE TRIGGER b_disabled, ENABLE ALWAYS TRIGGER c_always, ENABLE REPLICA TRIGGER d_replica;
ALTER TABLE sale_2024 DISABLE TRIGGER g_parts;
COMMENT ON TRIGGER c_always ON triggered IS 'Always';
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
\if :super
CREATE EVENT TRIGGER watcher ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION watch();
CREATE EVENT TRIGGER sleeper ON sql_drop EXECUTE FUNCTION watch();
ALTER EVENT TRIGGER sleeper DISABLE;
COMMENT ON EVENT TRIGGER watcher IS 'Watches';
\endif

CREATE TABLE guarded (id int PRIMARY KEY, owner name, t text);
INSERT INTO guarded SELECT n, CASE WHEN n % 2 = 0 THEN 'zoo_keeper' ELSE 'zoo_visitor' END, 'secret ' || n FROM generate_series(1, 100) n;
CREATE POLICY own_rows ON guarded FOR SELECT TO zoo_visitor USING (owner = current_user);
CREATE POLICY "odd ""policy""" ON guarded AS RESTRICTIVE TO PUBLIC USING (id > 0) WITH CHECK (id < 1000);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
\if :super
-- Nobody below a superuser could dump it, not even its owner.
ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
\endif
COMMENT ON POLICY own_rows ON guarded IS 'Each to his own';

CREATE STATISTICS page_statistics (ndistinct, dependencies, mcv) ON id, t FROM pages;
ALTER STATISTICS page_statistics SET STATISTICS 77;
COMMENT ON STATISTICS page_statistics IS 'Of pages';
\if :v14
CREATE STATISTICS expression_statistics ON lower(t), (n + 1) FROM pages;
\endif
-- Not its index, whose 500 values take a second for each major; nothing of them is dumped.
ANALYZE pages (id, t), sale;

CREATE PUBLICATION "not all" FOR TABLE ONLY animal, pages;
\if :v15
CREATE PUBLICATION rows_and_columns FOR TABLE pages (id, t) WHERE (id > 100);
\endif
COMMENT ON PUBLICATION "not all" IS 'Not all';
\if :super
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, update');
\if :v15
CREATE PUBLICATION of_a_schema FOR TABLES IN SCHEMA public;
\endif
CREATE SUBSCRIPTION nowhere CONNECTION 'host=127.0.0.1 port=1 dbname=none' PUBLICATION x WITH (connect = false, slot_name = NONE);
CREATE EXTENSION postgres_fdw;
CREATE FOREIGN DATA WRAPPER bare;
COMMENT ON FOREIGN DATA WRAPPER bare IS 'Nothing in it';
\endif

CREATE SERVER elsewhere TYPE 'a type' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'it''s "odd"');
CREATE USER MAPPING FOR zoo_visitor SERVER elsewhere OPTIONS (user 'visitor');
\if :super
ALTER USER MAPPING FOR zoo_visitor SERVER elsewhere OPTIONS (ADD password_required 'false');
\endif
CREATE FOREIGN TABLE far_away (id int OPTIONS (column_name 'ID'), t text COLLATE "C" NOT NULL DEFAULT 'x') SERVER elsewhere OPTIONS (schema_name 'public', table_name 'x');
CREATE FOREIGN TABLE far_part PARTITION OF empty_parent FOR VALUES IN (1) SERVER elsewhere;
COMMENT ON SERVER elsewhere IS 'Not here';
COMMENT ON FOREIGN TABLE far_away IS 'Nobody goes there';
GRANT USAGE ON FOREIGN SERVER elsewhere TO zoo_visitor;

ALTER TABLE pages OWNER TO zoo_keeper;
ALTER TABLE guarded OWNER TO zoo_keeper;
\if :super
ALTER SEQUENCE never_called OWNER TO "Zoo ""guest""";
\endif
ALTER TYPE mood OWNER TO zoo_keeper;
GRANT SELECT, INSERT (id, t), UPDATE (t) ON pages TO zoo_visitor;
GRANT ALL ON guarded TO zoo_visitor WITH GRANT OPTION;
GRANT SELECT ON "select" TO PUBLIC;
GRANT USAGE ON SEQUENCE called TO "Zoo ""guest""";
GRANT USAGE ON TYPE percent TO zoo_visitor;
REVOKE ALL ON TYPE mood FROM PUBLIC;
GRANT SELECT ON public.config_part TO zoo_visitor;
ALTER DEFAULT PRIVILEGES FOR ROLE zoo_keeper IN SCHEMA zoo GRANT SELECT ON TABLES TO zoo_visitor;
ALTER DEFAULT PRIVILEGES FOR ROLE zoo_keeper REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), 'A zoo') \gexec

INSERT INTO public.config_whole (setting) SELECT 'the user''s ' || n FROM generate_series(1, 20) n;
INSERT INTO public.config_part SELECT 1000 + n, repeat('the user''s ' || n, 14) FROM generate_series(1, 150000) n;
INSERT INTO public.config_part VALUES (201, E'tab\t');
SELECT setval('public.config_whole_id_seq', 5000) \g /dev/null
