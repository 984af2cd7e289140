using Godwit.Faults;

namespace Godwit.Storage.Gcs;

internal abstract record GcsCredentials
{
    private GcsCredentials()
    {
    }

    public sealed record Hmac(S3Keys Keys) : GcsCredentials;

    public sealed record Account(GcsKeyFile Key) : GcsCredentials;

    /// <summary>Looks in this order: keys for Google Cloud Storage, a Google key file, keys for any S3 service,
    /// gcloud's own file.</summary>
    /// <exception cref="FaultException">Credentials are missing, incomplete or unusable.</exception>
    public static async Task<GcsCredentials> FindAsync(GcsOptions options, CancellationToken ct)
    {
        if (Whole(options.HmacKeys) is { } hmac)
            return new Hmac(hmac);
        if (options.KeyFile is { } file)
            return new Account(await GcsKeyFile.ReadAsync(file, ct));
        if (Whole(options.AnyKeys) is { } any)
            return new Hmac(any);
        if (options.WellKnownFile is { } known && File.Exists(known))
            return new Account(await GcsKeyFile.ReadAsync(known, ct));
        throw new FaultException(GcsFaults.CredentialsMissing(
            $"{options.HmacKeys.IdName} and {options.HmacKeys.KeyName}, GOOGLE_APPLICATION_CREDENTIALS, "
            + $"{options.AnyKeys.IdName} and {options.AnyKeys.KeyName} "
            + $"are not set, and there is no {options.WellKnownFile ?? "file of gcloud, as HOME is not set either"}"));
    }

    private static S3Keys? Whole(GcsKeyPair pair) => (pair.Id, pair.Key) switch
    {
        (null, null) => null,
        (not null, null) => throw new FaultException(GcsFaults.KeysIncomplete(pair.IdName, pair.KeyName)),
        (null, not null) => throw new FaultException(GcsFaults.KeysIncomplete(pair.KeyName, pair.IdName)),
        _ => pair.Keys,
    };
}
