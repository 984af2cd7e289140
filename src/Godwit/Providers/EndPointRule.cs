using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Addresses of one kind, and what to use in their stead.</summary>
/// <param name="Why">Why we think so; a clause about "it".</param>
/// <param name="Instead">What to use; a clause after "use".</param>
public sealed record EndPointRule(
    EndPointKind Kind, Func<PostgresAddress, bool> Fits, string Why, Func<PostgresAddress, string> Instead);

public enum EndPointKind
{
    /// <summary>A connection pooler answers, which takes away what a dump's session has set.</summary>
    Pooler,

    /// <summary>A replica answers, where nothing can be frozen.</summary>
    ReadOnly,

    /// <summary>The name exists inside of the provider's network only.</summary>
    Private,
}
