using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess;

/// <summary>What the checks look at, opened once for all of them.</summary>
public sealed class AssessWorld : IAsyncDisposable
{
    /// <summary>A question to the catalogs that takes longer than this means that the server is in trouble. Checks that
    /// read the tables themselves (<c>--deep</c>) lift it. Who stands behind somebody's lock is told soon: the check of
    /// activities names whose it is. Names that the server puts together, such as those of types, come out qualified
    /// and quoted as they need it, whatever the database says. To compile a question to ten thousand tables takes
    /// longer than to answer it.</summary>
    private const string Limits = """
        SET default_transaction_read_only = on; SET statement_timeout = '60s'; SET lock_timeout = '2s';
        SET search_path = pg_catalog; SET quote_all_identifiers = off;
        SET jit = off
        """;

    /// <summary>Materialized views, and tables of extensions whose rows a dump holds.</summary>
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

    /// <summary>Cannot write.</summary>
    public PostgresSession Source { get; private set; }

    /// <summary>Cannot write either. Null: no target was named, or it does not exist yet.</summary>
    public PostgresSession? Target { get; private set; }

    /// <summary>Who runs the source.</summary>
    public Provider Provider { get; }

    public AssessRequest Request => Parts.Request;

    /// <summary>Whether the target is Heroku, which is what is assumed as long as nobody names one.</summary>
    public bool IsForHeroku => Parts.Target is not { Heroku: null };

    /// <summary>Heroku is on this machine: it can follow links to loopback.</summary>
    public bool IsHerokuHere => Parts.Target?.Heroku?.IsHere ?? Parts.Heroku?.IsHere ?? false;

    /// <summary>What was seen of the way to the store; null while nothing was sent there.</summary>
    internal double? StoreBytesPerSecond { get; set; }

    /// <summary>The store was not there before.</summary>
    internal bool HasMadeStore { get; set; }

    /// <exception cref="FaultException">Source or target cannot be reached, or the target is not what was
    /// named.</exception>
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

    /// <summary>The tables that hold rows, largest first. Asked once, even if it fails: their sizes cannot be had while
    /// somebody locks one of them.</summary>
    public Task<IReadOnlyList<TableFacts>> TablesAsync(CancellationToken ct) =>
        _tables ??= ServerCatalog.TablesAsync(Source, ct);

    /// <summary>How many there are: tables, and apart from them what a dump, a copy and a comparison count as tables,
    /// too. A clause.</summary>
    public async Task<string> TablesInWordsAsync(CancellationToken ct)
    {
        var (views, extensions) = (await Source.RowsAsync(CountedApart,
            row => (row.GetInt64(0), row.GetInt64(1)), ct))[0];
        List<string> said = [Named.Count(Math.Max(0, (await TablesAsync(ct)).Count - views), "table")];
        if (views > 0)
            said.Add(Named.Count(views, "materialized view"));
        if (extensions > 0)
            said.Add(Named.Count(extensions, "table of an extension", "tables of extensions"));
        return string.Join(", ", said);
    }

    public async Task<IReadOnlyList<ExtensionFacts>> ExtensionsAsync(CancellationToken ct) =>
        _extensions ??= await ServerCatalog.ExtensionsAsync(Source, ct);

    /// <summary>What the target lets its owner create: Heroku's published list, as long as there is no database to
    /// ask.</summary>
    public async Task<TargetOffer> OfferAsync(CancellationToken ct) => _offer ??=
        Target is not null ? await TargetOffer.FindAsync(Target, ct)
        : TargetOffer.Published(HerokuExtension.OfMajor(HerokuVersion.Default), HerokuExtension.AsOf);

    /// <summary>What becomes of each extension of the source.</summary>
    public async Task<IReadOnlyList<ExtensionVerdict>> VerdictsAsync(CancellationToken ct) =>
        _verdicts ??= await ExtensionJudge.JudgeAsync(Source, Provider, await OfferAsync(ct), ct);

    /// <summary>Extensions whose rows no dump needs to read, by OID. What cannot be read of those that go along is a
    /// subject of its own: <see cref="Checks.Rows.ExtensionRowsCheck"/>.</summary>
    public async Task<uint[]> UnreadExtensionsAsync(CancellationToken ct) =>
        Request.Cleans ? [.. (await VerdictsAsync(ct)).Select(one => one.Oid)] : [];

    /// <summary>Size of the source, indexes included.</summary>
    public async Task<long> BytesAsync(CancellationToken ct) =>
        _bytes ??= await ServerCatalog.DatabaseBytesAsync(Source, ct);

    /// <summary>The target's add-on; null: there is none yet.</summary>
    public async Task<HerokuAddon?> FindAddOnAsync(CancellationToken ct) =>
        Parts.Target?.Heroku is { } heroku ? await heroku.FindUsableAddOnAsync(ct) : null;

    /// <summary>The plan that the target has, or is to have, by its short name; null: the cheapest that fits.</summary>
    public async Task<string?> PlanAsync(CancellationToken ct) =>
        (await FindAddOnAsync(ct))?.Plan.ShortName ?? HerokuPlanSize.ShortName(Request.Plan);

    /// <summary>Why the contents come over without a store and Heroku's restore, as a clause; null: they do
    /// not.</summary>
    public async Task<string?> WhyDirectAsync(CancellationToken ct) => Request.IsDirect switch
    {
        true => Request.DirectWhy ?? "you asked for it (--route direct)",
        null when IsForHeroku =>
            BackupRouteLimits.WhyNot(
                await BytesAsync(ct), await PlanAsync(ct), Parts.Store is not null, Request.Accept),
        _ => null,
    };

    /// <summary>Null: nothing here can dump the source, which the check of the server has told.</summary>
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

    /// <summary>Why there is nothing that could dump the source; null when there is, or nobody has looked.</summary>
    public Fault? DumperFault { get; private set; }

    /// <summary>So that somebody can look again, or go on, behind an error that has closed a session.</summary>
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

    /// <summary>Where the address tells the provider, the fault says what to do there.</summary>
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

    /// <summary>Not behind a pooler: there they would stay on a connection that the application gets next.</summary>
    internal static async Task LimitAsync(PostgresSession session, CancellationToken ct)
    {
        if (!session.IsPooled)
            await session.ExecuteAsync(Limits, ct);
    }
}
