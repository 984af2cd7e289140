using Godwit.App.Cli.Flags;
using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Migration;
using Godwit.Migration.Plans;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>Opens the world for a run: composition by hand.</summary>
internal sealed class MigrationOpener(Surroundings world)
{
    /// <summary>A Heroku on this machine costs nothing to ask and answers at once.</summary>
    private static readonly TimeSpan LocalInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Opens a run that has not begun: which route it takes is chosen where nobody has said it, and
    /// told.</summary>
    /// <param name="storeInstead">Taken where a store is needed and none is named, in place of the provider's own;
    /// null: the provider's own.</param>
    /// <exception cref="FaultException">Something of it cannot be used: nothing was done yet.</exception>
    public async Task<MigrationParts> OpenAsync(RunSettings settings, Func<string>? storeInstead, CancellationToken ct)
    {
        var ends = OpenEnds(settings, settings.From);
        var chosen = await RouteChoice.MakeAsync(settings, ends.Source, ends.Heroku, ends.Target, ct);
        if (chosen.RouteWhy is { } why)
        {
            await world.Console.Error.WriteLineAsync(
                $"Note: the route is {chosen.Route}, {Route.Of(chosen).Way}{RouteFlags.NotUsed(settings)}: {why}.");
            chosen = chosen with { Via = "" };
        }

        if (Route.Of(chosen).UsesStore && chosen.Via.Length == 0 && storeInstead is not null)
            chosen = chosen with { Via = storeInstead() };
        return Open(chosen, settings.From, ends);
    }

    /// <param name="from">The source as typed; null with <paramref name="settings"/>' own.</param>
    /// <exception cref="FaultException">Something of it cannot be used: nothing was done yet.</exception>
    public MigrationParts Open(RunSettings settings, string? from = null)
    {
        var reference = from ?? settings.From;
        return Open(settings, reference, OpenEnds(settings, reference));
    }

    private MigrationParts Open(RunSettings settings, string reference, Ends ends)
    {
        var (source, heroku) = (ends.Source, ends.Heroku);
        var usesStore = Route.Of(settings).UsesStore;
        if (usesStore && settings.Via.Length == 0)
            settings = WithDefaultStore(settings, source);
        var store = usesStore ? StoreOf(settings) : null;
        settings = settings with
        {
            Route = settings.RouteOrUsual,
            From = reference == SourceFlags.Stdin ? reference : PostgresSource.Keepable(reference, source),
            To = ends.Target is PostgresTargetName { Address: var address }
                ? PostgresSource.Keepable(settings.To, address) : settings.To,
            HerokuHost = ends.HerokuHost,
        };
        return new MigrationParts
        {
            Settings = store is null ? settings : Settled(settings, store.Address, store.Options),
            Source = source,
            Target = ends.Target,
            Heroku = heroku,
            HerokuIsHere = heroku?.IsHere ?? false,
#pragma warning disable CA2000 // The store disposes its link host.
            Store = store is null ? null : ObjectStores.Open(store.Address, store.Options, new LinkHost(), world.Clock),
#pragma warning restore CA2000
            EarlierRuns = world.Runs.RunIds(),
            HistoryOf = addOn => AddOnHistories.Of(world.Runs, addOn, ends.HerokuHost!),
            Tools = world.Tools,
            Processes = world.Processes,
            EnvironmentSecrets = EnvironmentSecrets.Of(Environment.GetEnvironmentVariables()),
            Clock = world.Clock,
        };
    }

    /// <summary>As they are now: a resume in another shell must look into the same bucket.</summary>
    private static RunSettings Settled(
        RunSettings settings, StoreAddress address, StoreOptions options) => settings with
        {
            Via = address.ToString(),
            S3Endpoint = options.S3.Endpoint,
            S3Region = options.S3.Region,
            S3Profile = options.S3.Profile,
            GcsEndpoint = address is StoreAddress.Gcs ? options.Gcs.Endpoint : null,
            AzureEndpoint = address is StoreAddress.AzureBlob azure ? options.AzureBlob.EndpointOf(azure) : null,
        };

    private OpenedStore StoreOf(RunSettings settings)
    {
        var address = StoreAddress.Parse(settings.Via);
        var options = StoreFlags.OptionsOf(settings, world.Environment);
        if (address is StoreAddress.S3 bucket)
            options = options with { S3 = options.S3.SettledFor(bucket) };
        MigrateOptions.RequireNone(options.Problems());
        return new(address, options);
    }

    /// <summary>What is wrong with the store is told first: it needs nobody's answer.</summary>
    private Ends OpenEnds(RunSettings settings, string reference)
    {
        var source = SourceFlags.Open(reference, world) with
        {
            LockWait = settings.LockWaitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var target = OpenTarget(settings);
        if (Route.Of(settings).UsesStore && settings.Via.Length > 0)
            StoreOf(settings);
        if (target.App is null && !NamesApps(settings))
            return new(source, target, Heroku: null, HerokuHost: null);
        var (heroku, host) = OpenHeroku(settings);
        return new(source, target, heroku, host);
    }

    private static bool NamesApps(RunSettings settings) => settings.Apps.Count + settings.SetConfig.Count > 0;

    /// <exception cref="FaultException"><c>cli.options</c>: programs are to get its URL, and the password is not in
    /// it.</exception>
    private TargetName OpenTarget(RunSettings settings)
    {
        if (HerokuTargetName.IsOne(settings.To))
            return HerokuTargetName.Parse(settings.To);
        var address = SourceFlags.Resolve(settings.To, "--to", "TARGET_URL", world);
        string[] handedOn = [.. settings.SetConfig.Select(_ => "--set-config").Distinct(),
            .. settings.EnvFile is null ? [] : (string[])["--env-file"]];
        if (address.Password is null && handedOn.Length > 0)
            MigrateOptions.RequireNone([new("--to", $"has no password, and {handedOn[0]} hands the URL on",
                "Put the whole URL into a variable, and name that: --to env:TARGET_URL")]);
        return new PostgresTargetName(address);
    }

    /// <summary>The Heroku of a run, and the host of its API.</summary>
    /// <exception cref="FaultException"><c>cli.other_heroku</c>: the run belongs to another one; or there is no
    /// token.</exception>
    public (HerokuClient Heroku, string Host) OpenHeroku(RunSettings settings)
    {
        var endpoints = HerokuEndpoints.From(world.Environment);
        if (settings.HerokuHost is { } before && before != endpoints.Platform.Host)
            throw new FaultException(CliFaults.OtherHeroku(before, endpoints.Platform.Host));
        var isHere = endpoints.Platform.IsLoopback;
        var heroku = HerokuClient.From(world.Environment, world.Clock,
            isHere ? new HerokuOptions { TransferInterval = LocalInterval, ProvisionInterval = LocalInterval } : null);
        if (heroku.TokenWarning is { } warning)
            world.Console.Error.WriteLine($"godwit: {warning}");
        return (heroku, endpoints.Platform.Host);
    }

    /// <summary>Said at once, and kept with the run: a resume takes the same.</summary>
    private RunSettings WithDefaultStore(RunSettings settings, PostgresAddress source)
    {
        var chosen = DefaultStore.Choose(source, StoreFlags.Surroundings(settings, world.Environment));
        world.Console.Error.WriteLine($"Note: the dump goes through {chosen.Address}: {chosen.Why}.");
        return settings with
        {
            Via = chosen.Address.ToString(),
            S3Region = settings.S3Region ?? (settings.S3Endpoint is null ? chosen.Region : null),
        };
    }

    /// <summary>Source and target of a run, and who is asked about the target.</summary>
    private sealed record Ends(
        PostgresAddress Source, TargetName Target, HerokuClient? Heroku, string? HerokuHost);

    private sealed record OpenedStore(StoreAddress Address, StoreOptions Options);
}
