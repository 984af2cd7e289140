using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Load;

/// <summary>The database that a run fills: one of a Heroku app, or any other PostgreSQL database.</summary>
public interface ITarget
{
    /// <summary>For people; holds no secret.</summary>
    string Title { get; }

    /// <summary>Null while there is none.</summary>
    Task<PostgresAddress?> FindAddressAsync(CancellationToken ct);

    /// <exception cref="FaultException"><c>load.gone</c>: there is none any more.</exception>
    Task<PostgresAddress> AddressAsync(CancellationToken ct);

    /// <summary>As an application finds it in its environment.</summary>
    /// <inheritdoc cref="AddressAsync"/>
    Task<Secret> UrlAsync(CancellationToken ct);

    /// <summary>Removes what is in it. Whoever calls this has asked the <see cref="EmptyingGuard"/>.</summary>
    Task EmptyAsync(CancellationToken ct);
}

/// <summary>What <c>--to</c> names.</summary>
public abstract record TargetName
{
    /// <summary>The word behind <c>--confirm</c>: the app's name, or the database's.</summary>
    public abstract string Confirmation { get; }

    /// <summary>Null: the target is at no Heroku app.</summary>
    public string? App => (this as HerokuTargetName)?.App;
}

/// <summary>A database that is no Heroku app's.</summary>
public sealed record PostgresTargetName(PostgresAddress Address) : TargetName
{
    public override string Confirmation => Address.Database;

    public override string ToString() => $"{Address}";
}
