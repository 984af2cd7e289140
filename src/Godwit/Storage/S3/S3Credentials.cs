using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <param name="CanChange">Another search may find other keys, in a file or from a service. A running process's
/// variables never change.</param>
internal sealed record S3Found(AWSCredentials Credentials, bool CanChange);

/// <summary>Finds the keys: given ones, those of a named profile, the service's variables; for AWS also its files and
/// the machine's own. Keys that AWS lends (session tokens, roles, single sign-on, helper programs) are sent to AWS
/// only. Never asks the user.</summary>
internal static class S3Credentials
{
    // Outside AWS the search ends with an address that never answers; on AWS that address answers in milliseconds.
    private static readonly TimeSpan SearchMax = TimeSpan.FromSeconds(10);

    /// <param name="settled">From <see cref="S3Options.SettledFor"/>.</param>
    /// <exception cref="FaultException"><c>storage.credentials_missing</c>, with every place that was
    /// searched.</exception>
    public static async Task<S3Found> FindAsync(
        StoreAddress.S3 address, S3Options settled, S3Place place, IClientConfig config, TimeProvider clock,
        CancellationToken ct)
    {
        if (settled.Keys is { } given)
            return new(Of(given), CanChange: false);
        var mayBorrow = MayBorrow(address.Service, place);
        if (settled.Profile is { } name)
            return mayBorrow ? await FromProfileAsync(name, clock, ct) : OwnOf(Profile(name))
                ?? throw new FaultException(S3Faults.ProfileNotStatic(name, address.Service, place.Url));
        foreach (var names in VariablesOf(address.Service))
        {
            if (Read(names, settled) is { } keys
                && (mayBorrow || keys.SessionToken is null || names != S3Services.OfAws))
                return new(Of(keys), CanChange: false);
        }

        var found = !address.Service.HasAmbientKeys ? null
            : mayBorrow ? await SearchAsync(place.IsAws, settled, config, clock, ct)
            // A profile with this very endpoint holds this service's keys.
            : FindProfile(settled, address.Service) is { } own && own.EndpointUrl == place.Endpoint ? OwnOf(own) : null;
        return found ?? throw new FaultException(StorageFaults.CredentialsMissing(
            address.ToString(), S3Words.LookedFor(address.Service, settled, mayBorrow),
            address.Service.KeyVariables[0].Id, address.Service.KeyVariables[0].Key, address.Service.KeysAreMade));
    }

    // Whether keys that AWS lends may be sent to this place: AWS itself, or an s3:// store on this machine.
    private static bool MayBorrow(S3Service service, S3Place place) =>
        place.IsAws || (service.HasAmbientKeys && LinkReader.IsOnlyHere(new Uri(place.Url)));

    /// <returns>Null: no profile is named and the default one is missing, or does not apply to this service.</returns>
    /// <exception cref="FaultException">The named profile does not exist.</exception>
    public static CredentialProfile? FindProfile(S3Options settled, S3Service service)
    {
        if (settled.Profile is { } name)
            return Profile(name);
        return service.HasAmbientKeys && new CredentialProfileStoreChain().TryGetProfile("default", out var found)
            ? found : null;
    }

    /// <summary>AWS's own variables come last: many people use them for other services too.</summary>
    internal static IEnumerable<S3KeyVariables> VariablesOf(S3Service service) =>
        service.KeyVariables.Append(S3Services.OfAws).Distinct();

    private static CredentialProfile Profile(string name) =>
        new CredentialProfileStoreChain().TryGetProfile(name, out var profile)
            ? profile : throw new FaultException(S3Faults.ProfileMissing(name));

    private static async Task<S3Found> FromProfileAsync(string name, TimeProvider clock, CancellationToken ct)
    {
        var profile = Profile(name);
        try
        {
            return await WithinAsync(
                async () =>
                {
                    var found = AWSCredentialsFactory.GetAWSCredentials(profile, new CredentialProfileStoreChain());
                    await found.GetCredentialsAsync();
                    return new S3Found(found, CanChange: true);
                },
                clock, ct);
        }
        // A failing helper program, a role that needs a second factor, an expired login: each throws its own type of
        // exception.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new FaultException(S3Faults.ProfileUnusable(name, Calls.NetworkErrors.Clean(e)), e);
        }
    }

    /// <returns>The profile's own long-lived keys. Null: it has none, or refers to others.</returns>
    private static S3Found? OwnOf(CredentialProfile profile) => profile.Options switch
    {
        {
            AccessKey: { Length: > 0 } id, SecretKey: { Length: > 0 } key,
            Token: null or "", RoleArn: null or "", SsoAccountId: null or "", CredentialProcess: null or "",
            CredentialSource: null or "",
        } => new(new BasicAWSCredentials(id, key), CanChange: true),
        _ => null,
    };

    private static Task<T> WithinAsync<T>(Func<Task<T>> search, TimeProvider clock, CancellationToken ct) =>
        Task.Run(search, ct).WaitAsync(SearchMax, clock, ct);

    private static async Task<S3Found?> SearchAsync(
        bool isAws, S3Options settled, IClientConfig config, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            return await WithinAsync(() => AskAsync(isAws, settled, config), clock, ct);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task<S3Found?> AskAsync(bool isAws, S3Options settled, IClientConfig config)
    {
        var found = OfFiles(isAws, settled);
        // Keys that the machine lends are sent to AWS only.
        if (found is null && !isAws)
            return null;
        found ??= await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(config);
        // The SDK caches lent keys; a new search must get new ones.
        (found as RefreshingAWSCredentials)?.ClearCredentials();
        // Finding a source is not enough: only asking shows whether it has keys.
        await found.GetCredentialsAsync();
        return new(found, CanChange: true);
    }

    private static AWSCredentials? OfFiles(bool isAws, S3Options settled)
    {
        if (isAws && settled.Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null)
            return AssumeRoleWithWebIdentityCredentials.FromEnvironmentVariables();
        var files = new CredentialProfileStoreChain();
        return files.TryGetProfile("default", out var profile)
            && AWSCredentialsFactory.TryGetAWSCredentials(profile, files, out var found) ? found : null;
    }

    private static S3Keys? Read(S3KeyVariables names, S3Options settled) =>
        settled.Variable(names.Id) is { } id && settled.Variable(names.Key) is { } key
            ? new S3Keys(id, new Secret(key),
                names.TokenName is { } token && settled.Variable(token) is { } value ? new Secret(value) : null)
            : null;

    private static AWSCredentials Of(S3Keys keys) => keys.SessionToken is { } token
        ? new SessionAWSCredentials(keys.Id, keys.Key.Reveal(), token.Reveal())
        : new BasicAWSCredentials(keys.Id, keys.Key.Reveal());
}
