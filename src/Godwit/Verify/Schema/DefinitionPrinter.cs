using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify.Schema;

/// <param name="Text">Null: the server refused the definition.</param>
/// <param name="Refused">A clause: the server's error.</param>
/// <param name="LacksName">Something that the definition names does not exist.</param>
internal sealed record PrintedDefinition(string? Text, string Refused = "", bool LacksName = false);

/// <summary>Lets the target print definitions: each becomes a view, rule or function in the session's temporary schema,
/// in a transaction that is always rolled back. No function is called and no row is read. Tables that a definition
/// names are locked as by a SELECT; tables that a rule or function writes, as by an INSERT; both only until the next
/// definitions are printed.</summary>
internal sealed class DefinitionPrinter : IAsyncDisposable
{
    // Two round trips, and some hundred locks at the server.
    private const int AtOnceMax = 100;

    // A privileged role can switch event triggers off.
    private const int EventTriggersOffSince = 17;

    // Functions can store parsed statements.
    private const int BodiesSince = 14;

    private const string MakeRoom = "SAVEPOINT godwit_all", Room = "godwit_all", Item = "godwit_item";

    // Short timeouts: nobody waits long. Function bodies are not checked: only their parsed form matters.
    private const string Settings = """
        SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '30s'; SET LOCAL check_function_bodies = off;
        SET LOCAL client_min_messages = error
        """;

    // SQLSTATEs of a missing table, schema, column, function or type.
    private static readonly string[] Undefined = [PostgresSession.UndefinedTable, PostgresSession.UndefinedSchema,
        "42703", "42883", "42704"];

    // For all definitions. The comparison of rows runs at the same time and usually takes longer.
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    private readonly PostgresSession _session;
    private readonly TimeProvider _clock;
    private readonly long _started;

    private DefinitionPrinter(PostgresSession session, TimeProvider clock) =>
        (_session, _clock, _started) = (session, clock, clock.GetTimestamp());

    /// <returns>Null, and a clause that says why the target cannot print.</returns>
    public static async Task<(DefinitionPrinter? Printer, string Refused)> OpenAsync(
        PostgresAddress target, TimeProvider clock, CancellationToken ct)
    {
#pragma warning disable CA2000 // The printer it becomes part of disposes it.
        var session = await PostgresSession.OpenAsync(target, ct);
#pragma warning restore CA2000
        try
        {
            var refused = await RefusedAsync(session, ct);
            if (refused.Length == 0)
            {
                await session.ExecuteAsync($"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {Side.Alike}; {Settings}",
                    ct);
                if (session.ServerMajor >= EventTriggersOffSince && await session.ScalarAsync<bool>(MaySwitchOff, ct))
                    await session.ExecuteAsync("SET LOCAL event_triggers = off", ct);
                return (new(session, clock), "");
            }

            await session.DisposeAsync();
            return (null, refused);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private const string MaySwitchOff = "SELECT pg_catalog.has_parameter_privilege('event_triggers', 'SET')";

    // They run the user's code, and not all of that can be rolled back.
    private const string EventTriggers = """
        SELECT pg_catalog.quote_ident(t.evtname) FROM pg_catalog.pg_event_trigger t
        WHERE t.evtevent IN ('ddl_command_start', 'ddl_command_end')
          AND (t.evttags IS NULL OR t.evttags && ARRAY['CREATE VIEW', 'CREATE RULE', 'CREATE FUNCTION'])
          AND t.evtenabled IN ('A', CASE pg_catalog.current_setting('session_replication_role') WHEN 'replica'
              THEN 'R'::"char" ELSE 'O'::"char" END)
        ORDER BY 1
        """;

    private static async Task<string> RefusedAsync(PostgresSession session, CancellationToken ct)
    {
        if (await session.ScalarAsync<bool>("SELECT pg_catalog.pg_is_in_recovery()", ct))
            return "the target is a standby, at which nothing can be made";
        if (await session.ScalarAsync<string>("""
            SELECT pg_catalog.quote_ident(current_user)
            WHERE NOT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
            """, ct) is { } role)
            return $"the role {role} has not the right TEMPORARY on the target's database";
        if (session.ServerMajor >= EventTriggersOffSince && await session.ScalarAsync<bool>(MaySwitchOff, ct))
            return "";
        var triggers = await session.RowsAsync(EventTriggers, row => row.GetString(0), ct);
        return triggers.Count == 0 ? "" : "at the target, making anything would fire "
            + $"{(triggers.Count == 1 ? "the event trigger" : "the event triggers")} {Phrase.List(triggers)}";
    }

    /// <summary>In the given order. Definitions beyond the time limit are refused.</summary>
    /// <exception cref="FaultException">The session was lost.</exception>
    public async Task<IReadOnlyList<PrintedDefinition>> PrintAsync(
        IReadOnlyList<SchemaDefinition> all, CancellationToken ct)
    {
        var printed = new List<PrintedDefinition>(all.Count);
        foreach (var some in Chunks(all))
        {
            if (_clock.GetElapsedTime(_started) > TimeMax)
                printed.AddRange(some.Select(_ => new PrintedDefinition(null, string.Create(
                    CultureInfo.InvariantCulture, $"there was no time for it in {TimeMax.TotalMinutes} minutes"))));
            else
                printed.AddRange(await PrintSomeAsync(some, ct));
        }

        return printed;
    }

    public async ValueTask DisposeAsync() => await _session.DisposeAsync();

    // Two functions with the same name and arguments cannot exist at once.
    private static IEnumerable<List<SchemaDefinition>> Chunks(IReadOnlyList<SchemaDefinition> all)
    {
        var chunk = new List<SchemaDefinition>();
        var functions = new HashSet<(string, string)>();
        foreach (var one in all)
        {
            if (chunk.Count >= AtOnceMax
                || (one.Kind == DefinitionKind.Body && functions.Contains((one.Head, one.From))))
            {
                yield return chunk;
                (chunk, functions) = ([], []);
            }

            chunk.Add(one);
            if (one.Kind == DefinitionKind.Body)
                functions.Add((one.Head, one.From));
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private async Task<IReadOnlyList<PrintedDefinition>> PrintSomeAsync(
        List<SchemaDefinition> some, CancellationToken ct)
    {
        var made = some.SelectMany((one, at) =>
            Statements(one, at).Prepend($"SAVEPOINT {Item}").Select(sql => (Sql: sql, At: at))).ToList();
        var refused = new Dictionary<int, FaultException>();
        await _session.ExecuteAsync(MakeRoom, ct);
        for (var begin = 0; begin < made.Count;)
        {
            if (await _session.ExecuteEachAsync([.. made.Skip(begin).Select(one => one.Sql)], ct) is not { } failure)
                break;
            var at = made[begin + failure.At].At;
            refused[at] = failure.Why;
            await _session.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Item}", ct);
            begin = made.FindIndex(one => one.At > at);
            if (begin < 0)
                break;
        }

        var texts = await ReadAsync(ct);
        await _session.ExecuteAsync($"ROLLBACK TO SAVEPOINT {Room}", ct);
        return [.. some.Select((one, at) => refused.TryGetValue(at, out var why)
            ? new PrintedDefinition(null, why.Fault.Why, Undefined.Contains(PostgresSession.StateOf(why)))
            : texts.TryGetValue(at, out var text) ? new(text) : new(null, "it is not printed"))];
    }

    private async Task<Dictionary<int, string>> ReadAsync(CancellationToken ct)
    {
        var bodies = _session.ServerMajor >= BodiesSince
            ? "UNION ALL SELECT (p.procost - 1)::integer, pg_catalog.pg_get_function_sqlbody(p.oid) "
                + "FROM pg_catalog.pg_proc p WHERE p.pronamespace = pg_catalog.pg_my_temp_schema()" : "";
        var rows = await _session.RowsAsync($"""
            SELECT pg_catalog.substr(c.relname, 8)::integer, pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c
            WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND c.relname ~ '^godwit_[0-9]+$'
            UNION ALL
            SELECT pg_catalog.substr(r.rulename, 8)::integer, pg_catalog.pg_get_ruledef(r.oid)
            FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
            WHERE c.relnamespace = pg_catalog.pg_my_temp_schema() AND r.rulename ~ '^godwit_[0-9]+$'
            {bodies}
            """, row => (At: row.GetInt32(0), Text: row.GetString(1)), ct);
        return rows.ToDictionary(one => one.At, one => one.Text);
    }

    // An expression is tested in a row for NULL, which accepts any type and collation.
    private static IEnumerable<string> Statements(SchemaDefinition one, int at)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"pg_temp.godwit_{at}");
        var of = string.Create(CultureInfo.InvariantCulture, $"pg_temp.godwit_of_{at}");
        return one.Kind switch
        {
            DefinitionKind.Expression => [$"CREATE TEMPORARY VIEW {name} AS SELECT (ROW({one.Text}) IS NULL) "
                + $"AS e{(one.From.Length > 0 ? $" FROM {one.From}" : "")}"],
            DefinitionKind.Query => [$"CREATE TEMPORARY VIEW {name} AS {one.Text}"],
            // A view can have a rule too, and creating one needs no right to read its table.
            DefinitionKind.Rule => [$"CREATE TEMPORARY VIEW {of} AS SELECT * FROM {one.From}",
                $"CREATE RULE {name["pg_temp.".Length..]} AS ON {one.Head} TO {of} {one.Text}"],
            _ => [string.Create(CultureInfo.InvariantCulture, $"CREATE FUNCTION pg_temp.{one.Head}({one.From}) "
                + $"RETURNS record LANGUAGE sql COST {at + 1} {one.Text}")],
        };
    }
}
