using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Migration;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.App.Cli;

/// <summary>Opens the world for a run: composition by hand.</summary>
internal sealed class MigrationOpener(Surroundings world)
{
    /// <summary>A Heroku on this machine costs nothing to ask and answers at once.</summary>
    private static readonly TimeSpan LocalInterval = TimeSpan.FromMilliseconds(300);

    /// <param name="from">The source as typed; null with <paramref name="settings"/>' own.</param>
    /// <exception cref="FaultException">Something of it cannot be used: nothing was done yet.</exception>
    public MigrationParts Open(RunSettings settings, string? from = null)
    {
        var reference = from ?? settings.From;
        var source = SourceFlags.Open(reference, world);
        var target = HerokuTargetName.Parse(settings.To);
        if (settings.Via.Length == 0)
            settings = WithDefaultStore(settings, source);
        var address = StoreAddress.Parse(settings.Via);
        var options = StoreFlags.OptionsOf(settings, world.Environment);
        if (address is StoreAddress.S3 bucket)
            options = options with { S3 = options.S3.SettledFor(bucket) };
        MigrateOptions.RequireNone(options.Problems());
        var endpoints = HerokuEndpoints.From(world.Environment);
        if (settings.HerokuHost is { } before && before != endpoints.Platform.Host)
            throw new FaultException(CliFaults.OtherHeroku(before, endpoints.Platform.Host));
        var isHere = endpoints.Platform.IsLoopback;
        var heroku = HerokuClient.From(world.Environment, world.Clock,
            isHere ? new HerokuOptions { TransferInterval = LocalInterval, ProvisionInterval = LocalInterval } : null);
        if (heroku.TokenWarning is { } warning)
            world.Console.Error.WriteLine($"godwit: {warning}");
        return new MigrationParts
        {
            Settings = settings with
            {
                From = reference == SourceFlags.Stdin ? reference : PostgresSource.Keepable(reference, source),
                Via = address.ToString(),
                HerokuHost = endpoints.Platform.Host,
                // As they are now: a resume in another shell must look into the same bucket.
                S3Endpoint = options.S3.Endpoint,
                S3Region = options.S3.Region,
                S3Profile = options.S3.Profile,
                GcsEndpoint = address is StoreAddress.Gcs ? options.Gcs.Endpoint : null,
                AzureEndpoint = address is StoreAddress.AzureBlob azure ? options.AzureBlob.EndpointOf(azure) : null,
            },
            Source = source,
            Target = target,
            Heroku = heroku,
            HerokuIsHere = isHere,
#pragma warning disable CA2000 // The store disposes its link host.
            Store = ObjectStores.Open(address, options, new LinkHost(), world.Clock),
#pragma warning restore CA2000
            EarlierRuns = world.Runs.RunIds(),
            Tools = world.Tools,
            Processes = world.Processes,
            EnvironmentSecrets = EnvironmentSecrets.Of(Environment.GetEnvironmentVariables()),
            Clock = world.Clock,
        };
    }

    /// <summary>Said at once, and kept with the run: a resume takes the same.</summary>
    private RunSettings WithDefaultStore(RunSettings settings, PostgresAddress source)
    {
        var chosen = DefaultStore.Choose(source, StoreFlags.Surroundings(settings, world.Environment));
        world.Console.Error.WriteLine($"Note: the dump goes through {chosen.Address}: {chosen.Why}.");
        return settings with { Via = chosen.Address.ToString(), S3Region = settings.S3Region ?? (settings.S3Endpoint is null ? chosen.Region : null) };
    }
}
