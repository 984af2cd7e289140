using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.App.Cli.Flags;

/// <summary>A database that a command writes to or compares, and that is there already.</summary>
internal sealed record OpenedTarget(ITarget Target) : IDisposable
{
    /// <summary>Under which it is confirmed: the app, or the database.</summary>
    public string Name => Target.Name.Confirmation;

    /// <summary>Its address; of Heroku's it is asked.</summary>
    public Task<PostgresAddress> FindAsync(CancellationToken ct) =>
        Target.Heroku?.ExistingAddressAsync(ct) ?? Target.AddressAsync(ct);

    /// <summary>Warns of a password that stands on the command line.</summary>
    /// <param name="reference"><c>heroku:APP</c>, <c>heroku:APP/ATTACHMENT</c>, or a database as in
    /// <c>--from</c>.</param>
    /// <exception cref="FaultException">It names nothing; or there is no token for Heroku.</exception>
    public static OpenedTarget Open(string reference, Surroundings world)
    {
        if (!HerokuTargetName.IsOne(reference))
            return new(new PostgresTarget(world.Databases.Target(reference)));
        var name = HerokuTargetName.Parse(reference);
        return new(new HerokuTarget(world.Heroku.Open(), name));
    }

    public void Dispose() => Target.Heroku?.Client.Dispose();
}
