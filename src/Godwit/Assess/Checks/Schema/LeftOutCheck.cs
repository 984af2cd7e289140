using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

/// <summary>What the archive leaves out: an ordinary owner cannot restore it, or it has no meaning at another
/// server.</summary>
internal sealed class LeftOutCheck : ICheck
{
    private const string EventTriggers = """
        SELECT t.evtname::text, pg_catalog.pg_get_userbyid(t.evtowner) FROM pg_catalog.pg_event_trigger t
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                          WHERE d.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND d.objid = t.oid
                              AND d.deptype = 'e')
        ORDER BY 1
        """;

    private const string Publications = "SELECT p.pubname::text FROM pg_catalog.pg_publication p ORDER BY 1";

    // Without the connection string: only superusers may read it, and it may hold a password.
    private const string Subscriptions = """
        SELECT s.subname || CASE WHEN s.subslotname IS NULL THEN '' ELSE ' (slot ' || s.subslotname || ')' END
        FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
        WHERE d.datname = pg_catalog.current_database() ORDER BY 1
        """;

    private const string SecurityLabels =
        "SELECT l.provider, pg_catalog.count(*) FROM pg_catalog.pg_seclabel l GROUP BY 1 ORDER BY 1";

    // Only explicit tablespaces: in pg_class the database's default is 0.
    private const string Tablespaces = """
        SELECT s.spcname::text, pg_catalog.count(*)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'm', 'i', 'I')
            AND n.nspname !~ '^pg_'
        GROUP BY 1 ORDER BY 1
        """;

    public string Name => "what is left out";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var source = world.Source;
        // A provider's own triggers are not reported.
        var triggers = (await source.RowsAsync(EventTriggers,
            row => (Name: row.GetString(0), Owner: row.GetString(1)), ct))
            .Where(one => !world.Provider.Roles.Contains(one.Owner)).Select(one => one.Name).ToList();
        if (triggers.Count > 0)
            notes.Add(LeftOutFindings.EventTriggers(Phrase.Count(triggers.Count, "event trigger"),
                Phrase.List(triggers)));
        var publications = await source.RowsAsync(Publications, row => row.GetString(0), ct);
        if (publications.Count > 0)
            notes.Add(LeftOutFindings.Publications(Phrase.Count(publications.Count, "publication"),
                Phrase.List(publications)));
        var subscriptions = await source.RowsAsync(Subscriptions, row => row.GetString(0), ct);
        if (subscriptions.Count > 0)
            notes.Add(LeftOutFindings.Subscriptions(Phrase.Count(subscriptions.Count, "subscription"),
                Phrase.List(subscriptions)));
        var labels = await source.RowsAsync(SecurityLabels,
            row => (Provider: row.GetString(0), Number: row.GetInt64(1)), ct);
        if (labels.Count > 0)
            notes.Add(LeftOutFindings.SecurityLabels(Phrase.Count(labels.Sum(one => one.Number), "security label"),
                Phrase.List([.. labels.Select(one => one.Provider)])));
        var spaces = await source.RowsAsync(Tablespaces, row => (Name: row.GetString(0), Number: row.GetInt64(1)), ct);
        if (spaces.Count > 0)
        {
            notes.Add(LeftOutFindings.Tablespaces(
                Phrase.Count(spaces.Sum(one => one.Number), "table or index is", "tables and indexes are"),
                Phrase.List([.. spaces.Select(one => one.Name)])));
        }
    }
}
