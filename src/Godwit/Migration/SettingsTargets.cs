using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Postgres;
using Godwit.Settings;

namespace Godwit.Migration;

/// <summary>A target whose settings are compared.</summary>
public static class SettingsTargets
{
    public static SettingsTarget Of(ITarget target) =>
        new(target.Title, target.AddressAsync, target is not HerokuTarget heroku ? null
            : new(heroku.Heroku, heroku.Name.App, heroku.RequireAddOnAsync))
        {
            ExistsAsync = async ct => await target.FindAddressAsync(ct) is not null,
        };

    /// <summary>For a comparison without a run.</summary>
    public static SettingsTarget Of(HerokuClient heroku, HerokuTargetName name) =>
        Of(new HerokuTarget(heroku, name, new VolatileMemory(), RunStory.AddOnKey));

    /// <inheritdoc cref="Of(HerokuClient, HerokuTargetName)"/>
    public static SettingsTarget Of(PostgresAddress address) => Of(new PostgresTarget(address, new VolatileMemory()));
}
