namespace Godwit.Storage.Buckets;

public enum StoreUse
{
    /// <summary>Dumps that their runs delete: any that remain were forgotten.</summary>
    PassingThrough,

    /// <summary>Dumps that the user keeps: no rule may delete them.</summary>
    Keeping,
}

/// <param name="Created">False: the bucket already existed and is unchanged.</param>
public sealed record StoreCreation(bool Created)
{
    /// <summary>Nobody restores a week later; a dump that is still there was forgotten.</summary>
    public const int ObjectDays = 7;

    /// <summary>Uploading terabytes over a slow line takes days, never a week. A rule that ends the upload would end
    /// the migration while the source is frozen.</summary>
    public const int UploadDays = 7;

    /// <summary>Clauses for people: what protects the bucket, e.g. <c>public access to it is blocked</c>.</summary>
    public IReadOnlyList<string> Protections { get; init; } = [];

    /// <summary>Clauses for people: what the service refused or does not support, e.g. <c>the service takes no rule
    /// that deletes what is forgotten (HTTP 501 NotImplemented)</c>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
