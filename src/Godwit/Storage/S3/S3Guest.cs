using Amazon.Runtime;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>What another adapter does its own way whose service speaks S3 underneath.</summary>
internal sealed record S3Guest
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
