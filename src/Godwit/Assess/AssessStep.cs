// Assess: what is there, and what would break, before anything is changed. Only reads.
using System.Globalization;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Assess;

/// <summary>Looks at source and store and stops on blockers.</summary>
/// <param name="freezes">The run will stop the writes at the source itself.</param>
/// <param name="checkStore">Throws a fault when the store cannot be used.</param>
/// <param name="target">Where the target is now, when there is one already; null when it is still to be created.</param>
/// <param name="requireDumper">Throws a fault when nothing here can dump a server of this major.</param>
public sealed class AssessStep(
    PostgresAddress source,
    bool freezes,
    Func<CancellationToken, Task> checkStore,
    Func<CancellationToken, Task<PostgresAddress?>> target,
    Func<int, CancellationToken, Task> requireDumper,
    IRunMemory memory,
    TimeProvider clock) : IStep
{
    /// <summary>Under which the source's size in bytes is remembered: the plan to buy depends on it.</summary>
    public const string SourceBytesKey = "source.bytes";

    /// <summary>Heroku's own advice for its restore; its guides say 100 GB.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-import-export</remarks>
    private const long RestoreAdviceBytes = 20_000_000_000;

    private const int MajorMin = 12;
    private const int NamedMax = 5;
    private const int GrantedMax = 20;

    public string Name => "assess";

    public string Intent => $"Look at {source}, the target and the store, and stop on anything that would break";

    /// <summary>The world may have changed since: a resume looks again.</summary>
    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        if (session.ServerMajor < MajorMin)
            throw new FaultException(AssessFaults.TooOld(source, session.ServerMajor));
        await requireDumper(session.ServerMajor, ct);
        if (freezes && await ServerCatalog.IsStandbyAsync(session, ct))
            throw new FaultException(AssessFaults.Standby(source));
        if (await target(ct) is { } existing)
            await RequireDifferentAsync(session, existing, ct);
        await checkStore(ct);
        var tables = await ServerCatalog.TablesAsync(session, ct);
        RequireReadable(tables, session.Address.User);
        var bytes = await ServerCatalog.DatabaseBytesAsync(session, ct);
        memory.Remember(SourceBytesKey, bytes.ToString(CultureInfo.InvariantCulture));
        foreach (var finding in Findings(tables, bytes))
            progress.Report(finding);
        var extensions = await ServerCatalog.ExtensionsAsync(session, ct);
        return new Evidence(
            $"PostgreSQL {session.ServerVersion}, {ServerCatalog.Number(tables.Count)} tables, {ServerCatalog.Number(bytes / 1_000_000)} MB, {extensions.Count} extensions",
            "read from the source's catalogs; the store answered");
    }

    /// <summary>Two names may lead to one database (an alias, a proxy), so the servers are asked who they are as well.</summary>
    private static async Task RequireDifferentAsync(PostgresSession session, PostgresAddress target, CancellationToken ct)
    {
        const string identity = """
            SELECT pg_catalog.concat_ws('/', extract(epoch FROM pg_catalog.pg_postmaster_start_time()),
                                        d.oid, d.datname, pg_catalog.inet_server_port())
            FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
            """;
        if (session.Address.NamesSameDatabaseAs(target))
            throw new FaultException(AssessFaults.SameDatabase(session.Address));
        await using var other = await PostgresSession.OpenAsync(target, ct);
        if (await session.ScalarAsync<string>(identity, ct) == await other.ScalarAsync<string>(identity, ct))
            throw new FaultException(AssessFaults.SameDatabase(session.Address));
    }

    private static void RequireReadable(IReadOnlyList<TableFacts> tables, string user)
    {
        var hidden = tables.Where(table => !table.Readable).Select(table => table.Name).ToList();
        if (hidden.Count > 0)
        {
            var named = string.Join(", ", hidden.Take(NamedMax)) + (hidden.Count > NamedMax ? $" and {ServerCatalog.Number(hidden.Count - NamedMax)} more" : "");
            // The statement must be whole to be pasted; where it would fill the screen, a role does as well (PostgreSQL 14 and newer).
            var grant = hidden.Count <= GrantedMax ? $"GRANT SELECT ON {string.Join(", ", hidden)} TO" : "GRANT pg_read_all_data TO";
            throw new FaultException(AssessFaults.Unreadable(user, named, $"{grant} {ServerCatalog.Quote(user)};"));
        }
    }

    private IEnumerable<Observed> Findings(IReadOnlyList<TableFacts> tables, long bytes)
    {
        if (tables.Count == 0)
        {
            yield return new(Name, clock.GetUtcNow(), "assess.no_tables", "warning", "The source has no tables",
                "perhaps the URL names another database than you mean", "List the databases of the server with: psql -l");
        }

        if (bytes > RestoreAdviceBytes)
        {
            yield return new(Name, clock.GetUtcNow(), "assess.large", "warning",
                $"The source has {ServerCatalog.Number(bytes / 1_000_000_000)} GB",
                "Heroku advises its restore for databases up to 20 GB; a larger one may time out there",
                "Rehearse it against a second add-on first, and plan for hours of frozen applications.");
        }
    }
}
