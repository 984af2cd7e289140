namespace Godwit.Storage.Gcs;

/// <summary>Finds which credentials of <see cref="GcsCredentials"/> are set, without asking a service.</summary>
internal static class GcsCredentialLookup
{
    private const string KeyFile = "GOOGLE_APPLICATION_CREDENTIALS";

    public static StoreKind Look(Func<string, string?> environment)
    {
        var options = GcsOptions.FromEnvironment(environment);
        return new("gs", "Google Cloud Storage", "gs://BUCKET",
            $"{options.HmacKeys.IdName}, {KeyFile}, {options.AnyKeys.IdName}, gcloud's own file", Find(options));
    }

    // The path stands for the account: a later look finds the same file.
    private static FoundCredentials? Find(GcsOptions options) => options switch
    {
        { HmacKeys.Keys: { } own } => new(options.HmacKeys.IdName, own.Id),
        { KeyFile: { } file } => new(KeyFile, file),
        { AnyKeys.Keys: { } any } => new(options.AnyKeys.IdName, any.Id),
        { WellKnownFile: { } known } when File.Exists(known) => new(known, known),
        _ => null,
    };
}
