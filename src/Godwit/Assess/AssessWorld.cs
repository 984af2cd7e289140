using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess;

/// <summary>The connections and facts that all checks share.</summary>
public sealed class AssessWorld : IAsyncDisposable
{
    // Catalog queries that exceed the time-out indicate a server in trouble; --deep checks lift it. A wait for a lock
    // ends soon, and the activity check names its holder. The empty search_path makes the server qualify names,
    // whatever the database's settings. JIT is off: for ten thousand tables it takes longer than the query.
    private const string Limits = """
        SET default_transaction_read_only = on; SET statement_timeout = '60s'; SET lock_timeout = '2s';
        SET search_path = pg_catalog; SET quote_all_identifiers = off;
        SET jit = off
        """;

    // Materialized views, and extensions' tables whose rows are dumped.
    private const string CountedApart = $"""
        SELECT pg_catalog.count(*),
               (SELECT pg_catalog.count(*) FROM pg_catalog.pg_extension e CROSS JOIN pg_catalog.unnest(e.extconfig) kept
                JOIN pg_catalog.pg_class t ON t.oid = kept AND t.relkind = 'r')
        {ServerCatalog.UserRelations} AND c.relkind = 'm' AND c.relispopulated
        """;

    private Task<IReadOnlyList<TableFacts>>? _tables;
    private IReadOnlyList<ExtensionFacts>? _extensions;
    private TargetOffer? _offer;
    private IReadOnlyList<ExtensionVerdict>? _verdicts;
    private long? _bytes;
    private Task<AssessDumper?>? _dumper;

    private AssessWorld(AssessParts parts, PostgresSession source, PostgresSession? target, Provider provider) =>
        (Parts, Source, Target, Provider) = (parts, source, target, provider);

    public AssessParts Parts { get; }

    /// <summary>Read-only.</summary>
    public PostgresSession Source { get; private set; }

    /// <summary>Read-only. Null: no target was named, or none exists yet.</summary>
    public PostgresSession? Target { get; private set; }

    public Provider Provider { get; }

    public AssessRequest Request => Parts.Request;

    /// <summary>The target is Heroku, which is also assumed if none is named.</summary>
    public bool IsForHeroku => Parts.Target is not { Heroku: null };

    /// <summary>Heroku on this machine can follow links to loopback.</summary>
    public bool IsHerokuHere => Parts.Target?.Heroku?.IsHere ?? Parts.Heroku?.IsHere ?? false;

    /// <summary>Measured for uploads; null: not measured.</summary>
    internal double? StoreBytesPerSecond { get; set; }

    internal bool HasMadeStore { get; set; }

    /// <exception cref="FaultException">Source or target cannot be reached, or the target is not of the named
    /// kind.</exception>
    public static async Task<AssessWorld> OpenAsync(AssessParts parts, CancellationToken ct)
    {
#pragma warning disable CA2000 // The world disposes its sessions.
        var source = await OpenSourceAsync(parts.Source, ct);
        PostgresSession? target = null;
        try
        {
            if (parts.Target is { } named && await named.FindAddressAsync(ct) is { } address)
                target = await OpenAsync(address, ct);
#pragma warning restore CA2000
            return new(parts, source, target, await ProviderRecognition.FindAsync(source, ct));
        }
        catch
        {
            await source.DisposeAsync();
            if (target is not null)
                await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tables with rows, largest first. Queried once, even if it fails: a locked table prevents reading the
    /// sizes.</summary>
    public Task<IReadOnlyList<TableFacts>> TablesAsync(CancellationToken ct) =>
        _tables ??= ServerCatalog.TablesAsync(Source, ct);

    /// <summary>A clause. Materialized views and extensions' tables, which dump, copy and comparison count as tables,
    /// are named separately.</summary>
    public async Task<string> TablesInWordsAsync(CancellationToken ct)
    {
        var (views, extensions) = (await Source.RowsAsync(CountedApart,
            row => (row.GetInt64(0), row.GetInt64(1)), ct))[0];
        List<string> said = [Phrase.Count(Math.Max(0, (await TablesAsync(ct)).Count - views), "table")];
        if (views > 0)
            said.Add(Phrase.Count(views, "materialized view"));
        if (extensions > 0)
            said.Add(Phrase.Count(extensions, "table of an extension", "tables of extensions"));
        return string.Join(", ", said);
    }

    public async Task<IReadOnlyList<ExtensionFacts>> ExtensionsAsync(CancellationToken ct) =>
        _extensions ??= await ServerCatalog.ExtensionsAsync(Source, ct);

    /// <summary>What the target lets its owner create; without a database to ask, Heroku's published list.</summary>
    public async Task<TargetOffer> OfferAsync(CancellationToken ct) => _offer ??=
        Target is not null ? await TargetOffer.FindAsync(Target, ct)
        : TargetOffer.Published(HerokuExtension.OfMajor(HerokuVersion.Default), HerokuExtension.AsOf);

    public async Task<IReadOnlyList<ExtensionVerdict>> VerdictsAsync(CancellationToken ct) =>
        _verdicts ??= await ExtensionJudge.JudgeAsync(Source, Provider, await OfferAsync(ct), ct);

    /// <summary>OIDs of extensions whose rows a dump need not read. <see cref="Checks.Rows.ExtensionRowsCheck"/>
    /// reports unreadable rows of the others.</summary>
    public async Task<uint[]> UnreadExtensionsAsync(CancellationToken ct) =>
        Request.Cleans ? [.. (await VerdictsAsync(ct)).Select(one => one.Oid)] : [];

    /// <summary>Of the source, with indexes.</summary>
    public async Task<long> BytesAsync(CancellationToken ct) =>
        _bytes ??= await ServerCatalog.DatabaseBytesAsync(Source, ct);

    /// <summary>Null: none yet.</summary>
    public async Task<HerokuAddon?> FindAddOnAsync(CancellationToken ct) =>
        Parts.Target?.Heroku is { } heroku ? await heroku.FindUsableAddOnAsync(ct) : null;

    /// <summary>Short name, of the present or future plan; null: the cheapest that fits.</summary>
    public async Task<string?> PlanAsync(CancellationToken ct) =>
        (await FindAddOnAsync(ct))?.Plan.ShortName ?? HerokuPlanSize.ShortName(Request.Plan);

    /// <summary>Why the data is copied without a store and Heroku's restore: a clause; null: it is not.</summary>
    public async Task<string?> WhyDirectAsync(CancellationToken ct) => Request.IsDirect switch
    {
        true => Request.DirectWhy ?? "you asked for it (--route direct)",
        null when IsForHeroku =>
            BackupRouteLimits.WhyNot(
                await BytesAsync(ct), await PlanAsync(ct), Parts.Store is not null, Request.Accept),
        _ => null,
    };

    /// <summary>Null: no program here can dump the source; <see cref="Checks.Server.ServerCheck"/> reports
    /// that.</summary>
    public async Task<AssessDumper?> FindDumperAsync(CancellationToken ct)
    {
        return await (_dumper ??= FindAsync());

        async Task<AssessDumper?> FindAsync()
        {
            try
            {
                return await Parts.FindDumperAsync(Source.ServerMajor, ct);
            }
            catch (FaultException e)
            {
                DumperFault = e.Fault;
                return null;
            }
        }
    }

    /// <summary>Why no program can dump the source; null: there is one, or none was looked for.</summary>
    public Fault? DumperFault { get; private set; }

    /// <summary>Reopens sessions that an error has closed, so that checks can continue.</summary>
    internal async Task RenewAsync(CancellationToken ct)
    {
        if (_tables is { IsFaulted: true })
            _tables = null;
        if (!Source.IsOpen)
        {
            await Source.DisposeAsync();
            Source = await OpenSourceAsync(Parts.Source, ct);
        }

        if (Target is { IsOpen: false } closed)
        {
            await closed.DisposeAsync();
            Target = await OpenAsync(closed.Address, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (Target is not null)
            await Target.DisposeAsync();
    }

    // If the address identifies the provider, the fault says what to do there.
    private static async Task<PostgresSession> OpenSourceAsync(PostgresAddress address, CancellationToken ct)
    {
        try
        {
            return await OpenAsync(address, ct);
        }
        catch (FaultException e) when (e.Fault.Code is "postgres.unknown_host" or "postgres.unreachable"
            && ProviderRecognition.OfAddress(address) is not null)
        {
            var provider = ProviderRecognition.OfAddress(address)!;
            throw new FaultException(
                provider.EndPoint(EndPointKind.Private, address) is { } rule
                    ? AssessFaults.PrivateName(address, provider.Title, e.Fault.Why, rule.Why, rule.Instead(address))
                    : AssessFaults.NetworkClosed(address, provider.Title, e.Fault.Why,
                        provider.Remedies.OpenNetwork(address)),
                e);
        }
    }

    private static async Task<PostgresSession> OpenAsync(PostgresAddress address, CancellationToken ct)
    {
        var session = await PostgresSession.OpenAsync(address, ct);
        await LimitAsync(session, ct);
        return session;
    }

    /// <summary>Not behind a pooler: an application would inherit these settings.</summary>
    internal static async Task LimitAsync(PostgresSession session, CancellationToken ct)
    {
        if (!session.IsPooled)
            await session.ExecuteAsync(Limits, ct);
    }
}
