// Targets: the database that a run fills or a command compares with, at Heroku or elsewhere.
//
// A target has a name, an address and, if a Heroku app uses it, what Heroku says about it. The guard decides what may
// be deleted in it. This room does not know how a target is ordered, filled or compared.
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Targets;

/// <summary>The database of a Heroku app, or any other PostgreSQL.</summary>
public interface ITarget
{
    TargetName Name { get; }

    /// <summary>For people; holds no secret.</summary>
    string Title => $"{Name}";

    /// <summary>Null: no Heroku app's.</summary>
    HerokuTarget? Heroku { get; }

    /// <summary>Null: none yet.</summary>
    Task<PostgresAddress?> FindAddressAsync(CancellationToken ct);

    /// <exception cref="FaultException"><c>load.gone</c>: it no longer exists.</exception>
    Task<PostgresAddress> AddressAsync(CancellationToken ct);

    /// <summary>As an application finds it in its environment.</summary>
    /// <inheritdoc cref="AddressAsync"/>
    Task<Secret> UrlAsync(CancellationToken ct);

    /// <summary>The caller has asked the <see cref="TargetGuard"/>.</summary>
    Task EmptyAsync(CancellationToken ct);
}
