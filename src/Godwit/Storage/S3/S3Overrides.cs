using Amazon.Runtime;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>How the adapter of another service that speaks S3 changes what the S3 adapter does.</summary>
internal sealed record S3Overrides
{
    /// <summary>Null: found as for S3.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Sees every request of the SDK first, and every answer last. Null: nobody does.</summary>
    public DelegatingHandler? Handler { get; init; }

    /// <summary>Whether the same call may succeed in a moment, besides what S3 calls so.</summary>
    public Func<Exception, bool> IsPassing { get; init; } = _ => false;

    /// <summary>What went wrong, in the words of the service; null leaves it to S3's.</summary>
    public Func<Exception, S3Errors.Circumstances, Fault?> Explain { get; init; } = (_, _) => null;
}
