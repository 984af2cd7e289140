using Amazon.Runtime.CredentialManagement;

namespace Godwit.Storage.S3;

/// <summary>Finds which credentials of <see cref="S3Credentials"/> are set, without asking a service. The role of an
/// instance does not count.</summary>
internal static class S3CredentialLookup
{
    private const string WebIdentity = "AWS_WEB_IDENTITY_TOKEN_FILE";

    public static StoreKind Look(S3Service service, Func<string, string?> environment)
    {
        var names = string.Join(", ", service.KeyVariables.Select(one => one.Id));
        return new(service.Scheme, service.Title, $"{service.Scheme}://BUCKET",
            service.HasAmbientKeys ? $"{names}, {WebIdentity}, ~/.aws" : names, Find(service, environment));
    }

    public static StoreKind LookForOther(Func<string, string?> environment) =>
        Look(S3Services.Other, environment) with
        {
            Title = "another service that speaks S3",
            Example = "s3+https://HOST/BUCKET",
        };

    // Here, keys in AWS's own variables count for AWS only: a store that the user did not name must not receive them.
    private static FoundCredentials? Find(S3Service service, Func<string, string?> environment)
    {
        foreach (var names in service.KeyVariables)
        {
            if (StoreOptions.NonEmpty(environment(names.Id)) is { } id
                && StoreOptions.NonEmpty(environment(names.Key)) is not null)
                return new(names.Id, IsTemporary(id) ? null : id);
        }

        if (!service.HasAmbientKeys)
            return null;
        if (StoreOptions.NonEmpty(environment("AWS_PROFILE")) is null
            && StoreOptions.NonEmpty(environment(WebIdentity)) is not null)
            return new(WebIdentity, StoreOptions.NonEmpty(environment("AWS_ROLE_ARN")));
        var name = StoreOptions.NonEmpty(environment("AWS_PROFILE")) ?? "default";
        return new CredentialProfileStoreChain().TryGetProfile(name, out var profile)
            ? new($"the profile '{name}' of ~/.aws", Owner(profile)) : null;
    }

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    // A temporary key's id changes with each login, so a bucket named after it would not be found again.
    private static bool IsTemporary(string id) => id.StartsWith("ASIA", StringComparison.Ordinal);

    private static string Owner(CredentialProfile profile) => profile.Options switch
    {
        { AccessKey: { Length: > 0 } id } when !IsTemporary(id) => id,
        { RoleArn: { Length: > 0 } role } => role,
        { SsoAccountId: { Length: > 0 } account } sso => $"{account}/{sso.SsoRoleName}",
        _ => profile.Name,
    };
}
