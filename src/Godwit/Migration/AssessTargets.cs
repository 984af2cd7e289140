using Godwit.Assess;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;

namespace Godwit.Migration;

/// <summary>A target as the assessment sees it.</summary>
public static class AssessTargets
{
    /// <summary>An app that does not exist yet is a matter for the target step, which may create it.</summary>
    public static AssessTarget Of(HerokuTarget target) => new(
        $"{target.Name}", target.FindAddressAsync, new(target.Heroku, target.Name.App, target.FindAddOnAsync));

    /// <summary>For an assessment without a run.</summary>
    public static AssessTarget Of(HerokuClient heroku, HerokuTargetName name) => Of(new HerokuTarget(heroku, name, new VolatileMemory(), RunStory.AddOnKey));

    public static AssessTarget Of(PostgresAddress address) => new($"{address}", _ => Task.FromResult<PostgresAddress?>(address), Heroku: null);
}
