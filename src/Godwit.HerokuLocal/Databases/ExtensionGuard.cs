namespace Godwit.HerokuLocal.Databases;

/// <summary>Lets an ordinary owner create and drop the allowed extensions, trusted or not, and no others. They belong
/// to the superuser, so COMMENT ON EXTENSION fails, as on Heroku. Heroku preloads a library for this; here event
/// triggers do it. The first makes the caller a superuser and the second sets the superuser's role, both in the
/// command's transaction; the third undoes both before the transaction can end. No other session sees the change, and a
/// failure rolls it back. The triggers are members of plpgsql, so pg_dump leaves them out.</summary>
internal static class ExtensionGuard
{
    /// <param name="opens">The owner may write into the extensions' tables that hold user data. Heroku's library runs
    /// scripts after CREATE EXTENSION that grant this; it is known for pg_partman
    /// (https://github.com/pgpartman/pg_partman/issues/645).</param>
    public static string Sql(IReadOnlyList<string> allowed, string superUser, bool opens) => $$"""
        CREATE FUNCTION pg_catalog.heroku_local_extension_rise() RETURNS event_trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $guard$
        DECLARE
          wanted text;
          found_any boolean := false;
        BEGIN
          IF session_user = '{{superUser}}' THEN RETURN; END IF;
          FOR wanted IN
            SELECT coalesce(nullif(m[3], ''), lower(m[4]))
            FROM regexp_matches(current_query(), '(create|drop)\s+extension\s+(if\s+(?:not\s+)?exists\s+)?'
                '(?:"([^"]+)"|([a-z0-9_]+))', 'gi') AS m
          LOOP
            found_any := true;
            IF NOT wanted = ANY ({{Array(allowed)}}) THEN
              RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
                MESSAGE = format('permission denied to create extension "%s"', wanted),
                HINT = 'It is not on the list of allowed extensions; see heroku pg:extensions.';
            END IF;
          END LOOP;
          IF found_any THEN
            EXECUTE format('ALTER ROLE %I SUPERUSER', session_user);
          END IF;
        END $guard$;

        CREATE FUNCTION pg_catalog.heroku_local_extension_step() RETURNS event_trigger LANGUAGE plpgsql AS $guard$
        BEGIN
          IF session_user <> '{{superUser}}'
             AND (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
            PERFORM pg_catalog.set_config('role', '{{superUser}}', true);
          END IF;
        END $guard$;

        CREATE FUNCTION pg_catalog.heroku_local_extension_fall() RETURNS event_trigger LANGUAGE plpgsql AS $guard$
        DECLARE
          made text; one record;
        BEGIN
          IF session_user = '{{superUser}}' THEN RETURN; END IF;
          FOR made IN SELECT object_identity FROM pg_catalog.pg_event_trigger_ddl_commands()
                      WHERE command_tag = 'CREATE EXTENSION' LOOP
            IF NOT trim(both '"' from made) = ANY ({{Array(allowed)}}) THEN
              RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
                  MESSAGE = format('permission denied to create extension "%s"', made);
            END IF;
          END LOOP;
          IF current_user = '{{superUser}}' THEN{{(opens ? Opening("session_user") : "")}}
            EXECUTE format('ALTER ROLE %I NOSUPERUSER', session_user);
            PERFORM pg_catalog.set_config('role', 'none', true);
          END IF;
        END $guard$;

        {{Triggers}}
        """;

    private const string Triggers = """
        CREATE EVENT TRIGGER heroku_local_1_rise ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION', 'DROP EXTENSION')
          EXECUTE FUNCTION pg_catalog.heroku_local_extension_rise();
        CREATE EVENT TRIGGER heroku_local_2_step ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION', 'DROP EXTENSION')
          EXECUTE FUNCTION pg_catalog.heroku_local_extension_step();
        CREATE EVENT TRIGGER heroku_local_3_fall ON ddl_command_end WHEN TAG IN ('CREATE EXTENSION', 'DROP EXTENSION')
          EXECUTE FUNCTION pg_catalog.heroku_local_extension_fall();
        ALTER EXTENSION plpgsql ADD FUNCTION pg_catalog.heroku_local_extension_rise();
        ALTER EXTENSION plpgsql ADD FUNCTION pg_catalog.heroku_local_extension_step();
        ALTER EXTENSION plpgsql ADD FUNCTION pg_catalog.heroku_local_extension_fall();
        ALTER EXTENSION plpgsql ADD EVENT TRIGGER heroku_local_1_rise;
        ALTER EXTENSION plpgsql ADD EVENT TRIGGER heroku_local_2_step;
        ALTER EXTENSION plpgsql ADD EVENT TRIGGER heroku_local_3_fall;
        """;

    /// <summary>For extensions that the superuser created for the owner.</summary>
    public static string OpeningSql(string owner) =>
        $"DO $open$ DECLARE one record; BEGIN {Opening($"'{owner}'")} END $open$;";

    private static string Opening(string owner) => $"""

            FOR one IN SELECT c.oid::regclass AS name, c.relkind = 'S' AS is_sequence
                FROM pg_catalog.pg_extension e CROSS JOIN pg_catalog.unnest(e.extconfig) AS config (relation)
                JOIN pg_catalog.pg_class c ON c.oid = config.relation
            LOOP
              EXECUTE format(CASE WHEN one.is_sequence THEN 'GRANT SELECT, USAGE, UPDATE ON SEQUENCE %s TO %I'
                             ELSE 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %I' END, one.name, {owner});
            END LOOP;
            FOR one IN SELECT d.objid::regclass AS name
                FROM pg_catalog.pg_extension e CROSS JOIN pg_catalog.unnest(e.extconfig) AS config (relation)
                JOIN pg_catalog.pg_depend d
                  ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = config.relation
                     AND d.deptype = 'a' AND d.classid = 'pg_catalog.pg_class'::regclass
                JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'
            LOOP
              EXECUTE format('GRANT SELECT, USAGE, UPDATE ON SEQUENCE %s TO %I', one.name, {owner});
            END LOOP;
        """;

    private static string Array(IEnumerable<string> allowed) =>
        $"ARRAY[{string.Join(",", allowed.Select(a => $"'{a}'"))}]";
}
