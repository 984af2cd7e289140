using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.Migration.Opening;

public sealed class StoreOpener(OpeningWorld world)
{
    /// <exception cref="FaultException"><c>cli.options</c>.</exception>
    public OpenedStore Open(StoreAddress address, StoreAccess access)
    {
        if (address is StoreAddress.Unread { Why: var why })
            throw new FaultException(why);
        var options = access.Over(world.Environment);
        if (address is StoreAddress.S3 bucket)
            options = options with { S3 = options.S3.SettledFor(bucket) };
        OptionProblems.RequireNone(options.Problems());
        return new(address, options);
    }

    /// <summary>Chooses the store of the source's provider, and reports it. The settings keep it: a resume uses the
    /// same.</summary>
    /// <exception cref="FaultException"><c>run.no_store</c>.</exception>
    public RunSettings WithDefault(RunSettings settings, PostgresAddress source)
    {
        var chosen = DefaultStore.Choose(source, EnvironmentOf(settings.StoreAccess));
        world.Note(new(OpeningNoteKind.Chosen, $"the dump goes through {chosen.Address}: {chosen.Why}."));
        return settings with
        {
            Store = settings.Store with { Address = chosen.Address },
            StoreAccess = settings.StoreAccess with
            {
                S3Region = settings.StoreAccess.S3Region
                    ?? (settings.StoreAccess.S3Endpoint is null ? chosen.Region : null),
            },
        };
    }

    // The environment, with a named profile in place of its credentials.
    private Func<string, string?> EnvironmentOf(StoreAccess access) => access.S3Profile is not { } profile
        ? world.Environment
        : name => name switch
        {
            "AWS_PROFILE" => profile,
            "AWS_ACCESS_KEY_ID" => null,
            _ => world.Environment(name),
        };
}

/// <summary>A store with checked options. It was not reached yet.</summary>
public sealed record OpenedStore(StoreAddress Address, StoreOptions Options)
{
    /// <summary>As they are now: a resume in another shell must use the same bucket.</summary>
    public StoreAccess Keep(StoreAccess access) => access with
    {
        S3Endpoint = Options.S3.Endpoint,
        S3Region = Options.S3.Region,
        S3Profile = Options.S3.Profile,
        GcsEndpoint = Address is StoreAddress.Gcs ? Options.Gcs.Endpoint : null,
        AzureEndpoint = Address is StoreAddress.AzureBlob azure ? Options.AzureBlob.EndpointOf(azure) : null,
    };
}
