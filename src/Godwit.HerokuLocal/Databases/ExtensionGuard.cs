namespace Godwit.HerokuLocal.Databases;

/// <summary>Lets an ordinary owner create and drop the allowed extensions, trusted or not, and no others; they belong to the
/// superuser, so COMMENT ON EXTENSION fails as it does on Heroku.</summary>
/// <remarks>Heroku preloads a library for this. Here two event triggers do it: the first makes the caller a superuser and the second
/// takes the superuser's role, both inside the one transaction in which the command runs; the third puts both back before the transaction can end.
/// No other session ever sees the change, and a failure rolls it back with everything else. They are made members of plpgsql, so
/// pg_dump leaves them out.</remarks>
internal static class ExtensionGuard
{
    public static string Sql(IReadOnlyList<string> allowed, string superUser) => $$"""
        CREATE FUNCTION pg_catalog.heroku_local_extension_rise() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $guard$
        DECLARE
          wanted text;
          found_any boolean := false;
        BEGIN
          IF session_user = '{{superUser}}' THEN RETURN; END IF;
          FOR wanted IN
            SELECT coalesce(nullif(m[3], ''), lower(m[4]))
            FROM regexp_matches(current_query(), '(create|drop)\s+extension\s+(if\s+(?:not\s+)?exists\s+)?(?:"([^"]+)"|([a-z0-9_]+))', 'gi') AS m
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
          IF session_user <> '{{superUser}}' AND (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
            PERFORM pg_catalog.set_config('role', '{{superUser}}', true);
          END IF;
        END $guard$;

        CREATE FUNCTION pg_catalog.heroku_local_extension_fall() RETURNS event_trigger LANGUAGE plpgsql AS $guard$
        DECLARE
          made text;
        BEGIN
          IF session_user = '{{superUser}}' THEN RETURN; END IF;
          FOR made IN SELECT object_identity FROM pg_catalog.pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE EXTENSION' LOOP
            IF NOT trim(both '"' from made) = ANY ({{Array(allowed)}}) THEN
              RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format('permission denied to create extension "%s"', made);
            END IF;
          END LOOP;
          IF current_user = '{{superUser}}' THEN
            EXECUTE format('ALTER ROLE %I NOSUPERUSER', session_user);
            PERFORM pg_catalog.set_config('role', 'none', true);
          END IF;
        END $guard$;

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

    private static string Array(IEnumerable<string> allowed) => $"ARRAY[{string.Join(",", allowed.Select(a => $"'{a}'"))}]";
}
