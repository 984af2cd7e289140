namespace Godwit.Storage.Buckets;

/// <param name="Why">A clause: who can read what, or why nobody could tell.</param>
public sealed record StorePrivacy(PrivacyVerdict Verdict, string Why);

public enum PrivacyVerdict
{
    /// <summary>Nobody reads an object without a key or a signature, as far as the service tells.</summary>
    Private,

    /// <summary>Anybody can.</summary>
    Public,

    /// <summary>The service does not say, or not to these keys.</summary>
    Unknown,
}
