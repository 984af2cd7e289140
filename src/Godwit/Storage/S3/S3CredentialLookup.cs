using Amazon.Runtime.CredentialManagement;

namespace Godwit.Storage.S3;

/// <summary>What of <see cref="S3Credentials"/>' places is there, without asking a service: an instance's own role is
/// none of it.</summary>
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

    // Keys of AWS's own names count for AWS alone here: what nobody named shall not send them anywhere else.
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
    /// <summary>The next login has another one, so a bucket that is named after it would not be found again.</summary>
    private static bool IsTemporary(string id) => id.StartsWith("ASIA", StringComparison.Ordinal);

    private static string Owner(CredentialProfile profile) => profile.Options switch
    {
        { AccessKey: { Length: > 0 } id } when !IsTemporary(id) => id,
        { RoleArn: { Length: > 0 } role } => role,
        { SsoAccountId: { Length: > 0 } account } sso => $"{account}/{sso.SsoRoleName}",
        _ => profile.Name,
    };
}
