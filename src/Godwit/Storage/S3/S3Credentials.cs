using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>Finds the keys: those given, or what the SDK's own chain finds.</summary>
internal static class S3Credentials
{
    /// <summary>Off AWS the chain ends by asking an address that never answers; a machine that has it answers in milliseconds.</summary>
    private static readonly TimeSpan SearchMax = TimeSpan.FromSeconds(10);

    public static async Task<AWSCredentials> FindAsync(S3Options options, IClientConfig config, TimeProvider clock, CancellationToken ct)
    {
        if (options.Keys is { } keys)
            return keys.SessionToken is { } token
                ? new SessionAWSCredentials(keys.Id, keys.Key.Reveal(), token.Reveal())
                : new BasicAWSCredentials(keys.Id, keys.Key.Reveal());
        try
        {
            return await Task.Run(() => SearchAsync(config, ct), ct).WaitAsync(SearchMax, clock, ct);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or TimeoutException)
        {
            throw new FaultException(StorageFaults.CredentialsMissing(options.Profile ?? "default"), e);
        }
    }

    // Finding a source is not enough: only asking it for keys tells whether it has some.
    private static async Task<AWSCredentials> SearchAsync(IClientConfig config, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var found = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config);
        await found.GetCredentialsAsync();
        return found;
    }
}
