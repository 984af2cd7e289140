// Targets: the database that a run fills or a command compares with, whoever runs it.
//
// A target has a name, an address and, where a Heroku app uses it, what Heroku says of it; the guard decides what may
// be deleted in it. How one is ordered, filled and compared is not known here.
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Targets;

/// <summary>A target of one of two kinds: the database of a Heroku app, or any other PostgreSQL.</summary>
public interface ITarget
{
    TargetName Name { get; }

    /// <summary>For people; holds no secret.</summary>
    string Title => $"{Name}";

    /// <summary>Null: the target is at no Heroku app.</summary>
    HerokuTarget? Heroku { get; }

    /// <summary>Null while there is none.</summary>
    Task<PostgresAddress?> FindAddressAsync(CancellationToken ct);

    /// <exception cref="FaultException"><c>load.gone</c>: there is none any more.</exception>
    Task<PostgresAddress> AddressAsync(CancellationToken ct);

    /// <summary>As an application finds it in its environment.</summary>
    /// <inheritdoc cref="AddressAsync"/>
    Task<Secret> UrlAsync(CancellationToken ct);

    /// <summary>Removes what is in it. Whoever calls this has asked the <see cref="TargetGuard"/>.</summary>
    Task EmptyAsync(CancellationToken ct);
}
