using Godwit.Faults;
using Godwit.Journal;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.Migration.Opening;

/// <summary>The store of a run, from what was said of it and what the environment has.</summary>
public sealed class StoreOpener(OpeningWorld world)
{
    /// <exception cref="FaultException"><c>cli.options</c>, or it is no address of a store.</exception>
    public OpenedStore Open(RunSettings settings)
    {
        var address = StoreAddress.Parse(settings.Via);
        var options = OptionsOf(settings, world.Environment);
        if (address is StoreAddress.S3 bucket)
            options = options with { S3 = options.S3.SettledFor(bucket) };
        OptionProblems.RequireNone(options.Problems());
        return new(address, options);
    }

    /// <summary>The store of the source's provider. Said at once, and kept with the run: a resume takes the
    /// same.</summary>
    /// <exception cref="FaultException"><c>run.no_store</c>.</exception>
    public RunSettings WithDefault(RunSettings settings, PostgresAddress source)
    {
        var chosen = DefaultStore.Choose(source, EnvironmentOf(settings));
        world.Note(new(OpeningNoteKind.Chosen, $"the dump goes through {chosen.Address}: {chosen.Why}."));
        return settings with
        {
            Via = chosen.Address.ToString(),
            S3Region = settings.S3Region ?? (settings.S3Endpoint is null ? chosen.Region : null),
        };
    }

    /// <summary>Of a run, over what the environment says.</summary>
    public static StoreOptions OptionsOf(RunSettings settings, Func<string, string?> environment)
    {
        var outside = StoreOptions.FromEnvironment(environment);
        return outside with
        {
            S3 = new S3Options
            {
                Endpoint = settings.S3Endpoint, Region = settings.S3Region, Profile = settings.S3Profile,
                PathStyle = settings.S3PathStyle, Environment = outside.S3.Environment,
            },
            AzureBlob = outside.AzureBlob with { Endpoint = settings.AzureEndpoint ?? outside.AzureBlob.Endpoint },
            Gcs = outside.Gcs with
            {
                Location = settings.GsLocation,
                Endpoint = settings.GcsEndpoint ?? outside.Gcs.Endpoint,
            },
            Disk = new DiskOptions
            {
                Listen = settings.DiskListen ?? new DiskOptions().Listen, PublicUrl = settings.DiskPublicUrl,
            },
        };
    }

    /// <summary>The variables, with a profile that was named in their place: it is what counts then.</summary>
    private Func<string, string?> EnvironmentOf(RunSettings settings) => settings.S3Profile is not { } profile
        ? world.Environment
        : name => name switch
        {
            "AWS_PROFILE" => profile,
            "AWS_ACCESS_KEY_ID" => null,
            _ => world.Environment(name),
        };
}

/// <summary>A store that can be reached, as far as can be told without asking it.</summary>
public sealed record OpenedStore(StoreAddress Address, StoreOptions Options)
{
    /// <summary>As they are now: a resume in another shell must look into the same bucket.</summary>
    public RunSettings Keep(RunSettings settings) => settings with
    {
        Via = Address.ToString(),
        S3Endpoint = Options.S3.Endpoint,
        S3Region = Options.S3.Region,
        S3Profile = Options.S3.Profile,
        GcsEndpoint = Address is StoreAddress.Gcs ? Options.Gcs.Endpoint : null,
        AzureEndpoint = Address is StoreAddress.AzureBlob azure ? Options.AzureBlob.EndpointOf(azure) : null,
    };
}
