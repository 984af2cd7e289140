using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

/// <summary>Sessions that hinder the freeze or the dump, or are ended by them.</summary>
internal sealed class ActivityCheck : ICheck
{
    /// <summary>Every role sees a session's user, kind and locks. Its start is visible only to the same role and
    /// members of pg_read_all_stats.</summary>
    /// <remarks>pg_stat_get_activity in PostgreSQL's <c>pgstatfuncs.c</c>.</remarks>
    private const string Sessions = """
        WITH held AS MATERIALIZED (
            SELECT l.pid, l.locktype, l.relation, l.mode, l.granted FROM pg_catalog.pg_locks l
            WHERE l.locktype = 'virtualxid'
                OR l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())),
        tables AS MATERIALIZED (
            SELECT h.pid, h.mode, h.granted, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
            FROM held h JOIN pg_catalog.pg_class c ON c.oid = h.relation
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE h.locktype = 'relation' AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
                AND n.nspname <> 'information_schema')
        SELECT a.pid, pg_catalog.format('%s (pid %s, %s%s)',
            coalesce(nullif(a.application_name, ''), 'no application name'), a.pid, a.usename,
                                        CASE WHEN a.state LIKE 'idle in transaction%' THEN ', ' || a.state ELSE '' END),
               coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start), -1)::bigint,
               a.state IS NULL
                   AND EXISTS (SELECT FROM held h WHERE h.pid = a.pid AND h.locktype = 'virtualxid' AND h.granted),
               coalesce((SELECT pg_catalog.string_agg(DISTINCT t.name, ', ') FROM tables t
                   WHERE t.pid = a.pid AND t.mode = 'RowExclusiveLock' AND t.granted), ''),
               coalesce((SELECT pg_catalog.string_agg(DISTINCT t.name, ', ') FROM tables t
                   WHERE t.pid = a.pid AND t.mode = 'AccessExclusiveLock'), ''),
               NOT pg_catalog.pg_has_role(a.usesysid, 'USAGE')
                   AND (r.rolsuper OR NOT pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'))
        FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
        WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
            AND a.usesysid IS NOT NULL
          AND coalesce(a.backend_type, 'client backend') = 'client backend'
          AND coalesce(a.application_name, '') <> 'godwit'
        ORDER BY a.xact_start NULLS LAST, a.pid
        """;

    // Prepared transactions of other databases hold nothing here.
    private const string Prepared = """
        SELECT gid,
               pg_catalog.format('%L (of %s, %s)', gid, owner, pg_catalog.to_char(prepared, 'YYYY-MM-DD HH24:MI TZ'))
        FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY prepared
        """;

    public string Name => "activity";

    public IReadOnlyList<string> Acceptable => ActivityFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var prepared = await world.Source.RowsAsync(Prepared,
            row => (Gid: row.GetString(0), Named: row.GetString(1)), ct);
        if (prepared.Count > 0)
            notes.Add(ActivityFindings.Prepared(Phrase.List([.. prepared.Select(one => one.Named)]),
                Wording.Statements([.. prepared.Select(one => $"ROLLBACK PREPARED {Literal(one.Gid)}")])));
        var sessions = await world.Source.RowsAsync(Sessions,
            row => new Session(row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetBoolean(3), row.GetString(4),
                row.GetString(5), row.GetBoolean(6)), ct);
        Blocking([.. sessions.Where(session => session.Locks.Length > 0)], notes);
        if (!world.Request.Freezes)
            return;
        Ended(sessions, world, notes);
        await WritingOnAsync(world, notes, ct);
    }

    // With CONNECT revoked, roles' settings do not matter.
    private static async Task WritingOnAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var database = world.Source.Address.Database;
        var subscriptions = await ReadOnlyGaps.SubscriptionsAsync(world.Source, ct);
        if (subscriptions.Count > 0)
            notes.Add(ActivityFindings.SubscriptionsWrite(Phrase.List(subscriptions),
                Wording.Statements([.. subscriptions.Select(name => $"ALTER SUBSCRIPTION {name} DISABLE")])));
        var roles = world.Request.LocksOut ? [] : await ReadOnlyGaps.OverridingAsync(world.Source, ct);
        if (roles.Count > 0)
        {
            notes.Add(ActivityFindings.FreezeOverridden(Phrase.List([.. roles.Select(role => role.Name)]),
                string.Join(' ', roles.Select(role => role.Reopen(database))),
                string.Join('\n', roles.Select(role => role.Close(database)))));
        }
    }

    private static void Blocking(IReadOnlyList<Session> blocking, IAssessNotes notes)
    {
        if (blocking.Count > 0)
            notes.Add(ActivityFindings.Locked(Phrase.List([.. blocking.Select(session =>
                $"{session.Who}: {session.Locks}")]), Wording.Statements([.. blocking.Select(End)])));
    }

    private static void Ended(IReadOnlyList<Session> sessions, AssessWorld world, IAssessNotes notes)
    {
        var stuck = sessions.Where(session => session.MayNotEnd).ToList();
        if (stuck.Count > 0)
            notes.Add(ActivityFindings.Unendable(world.Source.Address.User, Who(stuck),
                ServerCatalog.Quote(world.Source.Address.User)));
        var old = sessions.Where(session => session.Seconds >= world.Request.LongTransaction.TotalSeconds).ToList();
        if (old.Count > 0)
            notes.Add(ActivityFindings.LongTransaction(Phrase.List([.. old.Select(session =>
                $"{session.Who} since {Wording.Age(session.Seconds)}")]), Wording.Statements([.. old.Select(End)])));
        var writing = sessions.Where(session => session.Writes.Length > 0).ToList();
        if (writing.Count > 0)
            notes.Add(ActivityFindings.Writers(Phrase.List([.. writing.Select(session =>
                $"{session.Who}: {session.Writes}")])));
        var hidden = sessions.Where(session => session.IsHidden).ToList();
        if (hidden.Count > 0)
            notes.Add(ActivityFindings.Hidden(world.Source.Address.User, Who(hidden),
                ServerCatalog.Quote(world.Source.Address.User)));
    }

    private static string Who(IEnumerable<Session> sessions) =>
        Phrase.List([.. sessions.Select(session => session.Who)]);

    private static string End(Session session) => $"SELECT pg_catalog.pg_terminate_backend({session.Pid})";

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <param name="Who">Application, pid, user, and whether it is idle in its transaction.</param>
    /// <param name="Seconds">Age of its transaction; -1: none, or not visible.</param>
    /// <param name="IsHidden">The age of its transaction is not visible.</param>
    /// <param name="Writes">Tables written to in its transaction.</param>
    /// <param name="Locks">Tables it locks exclusively, or waits to.</param>
    private sealed record Session(
        int Pid, string Who, long Seconds, bool IsHidden, string Writes, string Locks, bool MayNotEnd);
}
