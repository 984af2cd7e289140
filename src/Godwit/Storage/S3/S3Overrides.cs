using Amazon.Runtime;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>Lets the adapter of another service change the S3 adapter.</summary>
internal sealed record S3Overrides
{
    /// <summary>Null: found as for S3.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Sees every request of the SDK first, and every answer last.</summary>
    public DelegatingHandler? Handler { get; init; }

    /// <summary>Whether the same call may succeed in a moment, in addition to S3's own rules.</summary>
    public Func<Exception, bool> IsTransient { get; init; } = _ => false;

    /// <summary>The fault in the service's own terms; null leaves it to S3's.</summary>
    public Func<Exception, S3Errors.Circumstances, Fault?> Explain { get; init; } = (_, _) => null;
}
