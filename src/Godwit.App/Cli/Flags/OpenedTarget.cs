using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.App.Cli.Flags;

/// <summary>An existing database that a command writes to or compares.</summary>
internal sealed record OpenedTarget(ITarget Target) : IDisposable
{
    /// <summary>For <c>--confirm</c>: of the app or database.</summary>
    public string Name => Target.Name.Confirmation;

    /// <summary>Asks Heroku for its own databases.</summary>
    public Task<PostgresAddress> FindAsync(CancellationToken ct) =>
        Target.Heroku?.ExistingAddressAsync(ct) ?? Target.AddressAsync(ct);

    /// <summary>Warns about a password on the command line.</summary>
    /// <param name="reference"><c>heroku:APP</c>, <c>heroku:APP/ATTACHMENT</c>, or a database as in
    /// <c>--from</c>.</param>
    /// <exception cref="FaultException">The reference names nothing.</exception>
    public static OpenedTarget Open(string reference, CliEnvironment world)
    {
        if (!HerokuTargetName.IsOne(reference))
            return new(new PostgresTarget(world.Databases.Target(reference)));
        var name = HerokuTargetName.Parse(reference);
        return new(new HerokuTarget(world.Heroku.Open(), name));
    }

    public void Dispose() => Target.Heroku?.Client.Dispose();
}
