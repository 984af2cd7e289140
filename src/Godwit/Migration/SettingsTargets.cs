using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;
using Godwit.Settings;

namespace Godwit.Migration;

/// <summary>A target whose settings are compared.</summary>
public static class SettingsTargets
{
    public static SettingsTarget Of(HerokuTarget target) =>
        new($"{target.Name}", target.AddressAsync, new(target.Heroku, target.Name.App, target.RequireAddOnAsync))
        {
            ExistsAsync = async ct => await target.FindAddressAsync(ct) is not null,
        };

    /// <summary>For a comparison without a run.</summary>
    public static SettingsTarget Of(HerokuClient heroku, HerokuTargetName name) =>
        Of(new HerokuTarget(heroku, name, new VolatileMemory(), RunStory.AddOnKey));

    public static SettingsTarget Of(PostgresAddress address) =>
        new($"{address}", _ => Task.FromResult(address), Heroku: null);
}
