using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Recognises addresses that do not suit a migration, and names the right one.</summary>
/// <param name="Why">How it is recognised; a clause about "it".</param>
/// <param name="Instead">The address to use; a clause after "use".</param>
public sealed record EndPointRule(
    EndPointKind Kind, Func<PostgresAddress, bool> Fits, string Why, Func<PostgresAddress, string> Instead);

public enum EndPointKind
{
    /// <summary>A pooler loses the session settings that a dump needs.</summary>
    Pooler,

    /// <summary>A replica cannot be frozen.</summary>
    ReadOnly,

    /// <summary>The name resolves only inside the provider's network.</summary>
    Private,
}
