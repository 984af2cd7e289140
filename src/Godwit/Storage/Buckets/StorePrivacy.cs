namespace Godwit.Storage.Buckets;

/// <param name="Why">A clause: who can read what, or why that is unknown.</param>
public sealed record StorePrivacy(PrivacyVerdict Verdict, string Why);

public enum PrivacyVerdict
{
    /// <summary>Reading needs a key or a signature, as far as the service says.</summary>
    Private,

    Public,

    /// <summary>The service does not say, or not to these keys.</summary>
    Unknown,
}
