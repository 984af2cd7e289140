using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Load;
using Godwit.Migration;
using Godwit.Postgres;

namespace Godwit.App.Cli.Flags;

/// <summary>A database that a command writes to or compares, and that is there already.</summary>
/// <param name="FindAsync">Its address; of Heroku's it is asked.</param>
/// <param name="Name">Under which it is confirmed: the app, or the database.</param>
internal sealed record OpenedTarget(
    Func<CancellationToken, Task<PostgresAddress>> FindAsync, string Name, HerokuClient? Heroku) : IDisposable
{
    /// <summary>Warns of a password that stands on the command line.</summary>
    /// <param name="reference"><c>heroku:APP</c>, <c>heroku:APP/ATTACHMENT</c>, or a database as in
    /// <c>--from</c>.</param>
    /// <exception cref="FaultException">It names nothing; or there is no token for Heroku.</exception>
    public static OpenedTarget Open(string reference, Surroundings world)
    {
        if (!reference.StartsWith(HerokuTargetName.Prefix, StringComparison.Ordinal))
        {
            var address = world.Databases.Target(reference);
            return new(_ => Task.FromResult(address), address.Database, Heroku: null);
        }

        var name = HerokuTargetName.Parse(reference);
        var heroku = world.Heroku.Open();
        return new(VerifyTargets.AddressOf(heroku, name), name.App, heroku);
    }

    public void Dispose() => Heroku?.Dispose();
}
