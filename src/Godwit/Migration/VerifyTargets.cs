using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;

namespace Godwit.Migration;

/// <summary>A target that is verified without a run.</summary>
public static class VerifyTargets
{
    public static Func<CancellationToken, Task<PostgresAddress>> AddressOf(HerokuClient heroku, HerokuTargetName name) =>
        new HerokuTarget(heroku, name, new VolatileMemory(), RunStory.AddOnKey).AddressAsync;
}
