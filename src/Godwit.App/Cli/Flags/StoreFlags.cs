using System.CommandLine;
using Godwit.Dump;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.App.Cli.Flags;

/// <summary>A store's options besides its address.</summary>
internal sealed class StoreFlags
{
    /// <summary>How to name a store, for help and faults.</summary>
    public const string Kinds = "s3://bucket/prefix (linode, vultr, spaces and upcloud likewise), "
        + "s3+https://host/bucket/prefix, azblob://account/container/prefix, gs://bucket/prefix, or disk:PATH";

    /// <summary>How to name an object in a store.</summary>
    public const string Objects = "s3://bucket/prefix/name (linode, vultr, spaces and upcloud likewise), "
        + "s3+https://host/bucket/name, azblob://account/container/name, gs://bucket/name, disk:FOLDER/name";

    private readonly Option<string?> _s3Endpoint = new("--s3-endpoint")
    {
        Description = "Address of a service that speaks S3. Default: the store's own.", HelpName = "URL",
    };

    private readonly Option<string?> _s3Region = new("--s3-region")
    {
        Description = "Region of the bucket. Default: found on AWS, asked for elsewhere.", HelpName = "REGION",
    };
    private readonly Option<string?> _s3Profile = new("--s3-profile", "--profile")
    {
        Description = "Profile of ~/.aws to take keys, region and endpoint from.", HelpName = "NAME",
    };

    private readonly Option<bool?> _s3PathStyle = new("--s3-path-style")
    {
        Description = "true: https://host/bucket/key; false: https://bucket.host/key. Default: "
            + "as the service is known to want it.", HelpName = "true|false",
    };

    private readonly Option<string?> _azureEndpoint = new("--azure-endpoint")
    {
        Description = "Address of an azblob:// account's blob service. Default: https://ACCOUNT.blob.core.windows.net.",
        HelpName = "URL",
    };

    private readonly Option<string?> _diskListen = new("--disk-listen")
    {
        Description = "Where a disk store serves its link. Default: 127.0.0.1 on any free port.",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> _diskPublicUrl = new("--disk-public-url")
    {
        Description = "The address under which Heroku reaches what --disk-listen serves.", HelpName = "URL",
    };

    private readonly Option<bool> _createStore = new("--create-store")
    {
        Description = "Make the bucket if it is not there: "
            + "private, public access blocked, encrypted, as far as the service offers it.",
    };

    private readonly Option<string?> _gsLocation = new("--gs-location")
    {
        Description = "Where --create-store makes a gs:// bucket, e.g. europe-west1.", HelpName = "LOCATION",
    };

    private readonly Option<string[]> _acceptPublic = PublicAccepted();

    /// <summary>For a command whose object stays in the store.</summary>
    public Option AcceptPublic => _acceptPublic;

    /// <summary>For a command that writes to the store.</summary>
    public IReadOnlyList<Option> Making => [_createStore, _gsLocation];

    /// <summary>For reaching a bucket.</summary>
    public IReadOnlyList<Option> Buckets => [_s3Endpoint, _s3Region, _s3Profile, _s3PathStyle, _azureEndpoint];

    /// <summary>For serving a disk store.</summary>
    public IReadOnlyList<Option> Links => [_diskListen, _diskPublicUrl];

    public IReadOnlyList<Option> OfRun => [.. Making, .. Buckets, .. Links];

    /// <summary>Flags that the command lacks are null.</summary>
    public StoreAccess Access(ParseResult parsed) => new()
    {
        GsLocation = parsed.GetValue(_gsLocation),
        S3Endpoint = parsed.GetValue(_s3Endpoint),
        S3Region = parsed.GetValue(_s3Region),
        S3Profile = parsed.GetValue(_s3Profile),
        S3PathStyle = parsed.GetValue(_s3PathStyle),
        AzureEndpoint = parsed.GetValue(_azureEndpoint),
        DiskListen = parsed.GetValue(_diskListen),
        DiskPublicUrl = parsed.GetValue(_diskPublicUrl),
    };

    public bool AcceptsPublic(ParseResult parsed) => parsed.GetValue(_acceptPublic) is { Length: > 0 };

    public bool Creates(ParseResult parsed) => parsed.GetValue(_createStore);

    /// <summary>For a command without a run.</summary>
    public StoreOptions Read(ParseResult parsed, Func<string, string?> environment) =>
        Access(parsed).Over(environment);

    private static Option<string[]> PublicAccepted()
    {
        var accept = new Option<string[]>("--accept")
        {
            Description = "Write into a bucket that everybody can read all the same.", HelpName = "CODE",
            Arity = ArgumentArity.OneOrMore,
        };
        accept.AcceptOnlyFromAmong(DumpTarget.PublicCode);
        return accept;
    }
}
