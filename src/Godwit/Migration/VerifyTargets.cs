using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;

namespace Godwit.Migration;

/// <summary>A target that is verified or filled without a run.</summary>
public static class VerifyTargets
{
    /// <returns>Throws <c>load.app_unknown</c> or <c>load.no_database</c> where it is asked.</returns>
    public static Func<CancellationToken, Task<PostgresAddress>> AddressOf(HerokuClient heroku, HerokuTargetName name)
    {
        var target = new HerokuTarget(heroku, name, new VolatileMemory(), RunStory.AddOnKey);
        return async ct => await heroku.FindAppAsync(name.App, ct) is null
            ? throw new FaultException(LoadFaults.AppUnknown(name.App))
            : await target.FindAddressAsync(ct) ?? throw new FaultException(LoadFaults.NoDatabase(name.App));
    }
}
