namespace Godwit.Storage.Buckets;

/// <summary>What a bucket is made for.</summary>
public enum StoreUse
{
    /// <summary>Dumps of runs, which their runs remove: what is left of them was forgotten.</summary>
    PassingThrough,

    /// <summary>Dumps that somebody wants to have: no rule may delete one.</summary>
    Keeping,
}

/// <summary>What came of making a bucket.</summary>
/// <param name="Created">False: it was there, and is as it was.</param>
public sealed record StoreCreation(bool Created)
{
    /// <summary>Nobody restores a week later; what is left by then was forgotten.</summary>
    public const int ObjectDays = 7;

    /// <summary>Terabytes over a thin line take days, and a rule that ends such an upload ends the move while the
    /// source is frozen. Nothing takes a week.</summary>
    public const int UploadDays = 7;

    /// <summary>Clauses, for people: what protects it now, e.g. <c>public access to it is blocked</c>.</summary>
    public IReadOnlyList<string> Protections { get; init; } = [];

    /// <summary>Clauses, for people: what the service refused or does not know, e.g. <c>the service takes no rule that
    /// deletes what is forgotten (HTTP 501 NotImplemented)</c>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
