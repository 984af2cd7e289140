using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;

namespace Godwit.Settings;

/// <param name="Name">As it was typed: <c>heroku:app</c>.</param>
/// <param name="AddressAsync">Where it is now.</param>
/// <param name="Heroku">Null: a plain PostgreSQL.</param>
public sealed record SettingsTarget(
    string Name, Func<CancellationToken, Task<PostgresAddress>> AddressAsync, SettingsHeroku? Heroku)
{
    /// <summary>It may be ordered only by the run.</summary>
    public Func<CancellationToken, Task<bool>> ExistsAsync { get; init; } = _ => Task.FromResult(true);
}

public sealed record SettingsHeroku(
    HerokuClient Client, string App, Func<CancellationToken, Task<HerokuAddon>> AddOnAsync)
{
    internal async Task<HerokuSide> ReadAsync(CancellationToken ct)
    {
        var addOn = await AddOnAsync(ct);
        var plan = addOn.Plan.ShortName;
        // Heroku's command line does not even ask on the others.
        if (!HerokuSettingKey.AreOfferedOn(plan))
            return new(App, addOn.Name, plan, Keys: null,
                $"Heroku has a pg:settings key for it, but not on the plan {plan}");
        try
        {
            return new(App, addOn.Name, plan, await Client.GetSettingsAsync(addOn.Id, ct), "");
        }
        catch (FaultException e) when (e.Fault.Kind == FaultKind.Refused)
        {
            // The other settings do not depend on it, and a migration must not fail because of how much is logged.
            return new(App, addOn.Name, plan, Keys: null, $"Heroku refused to tell its pg:settings: {e.Fault.Why}");
        }
    }
}
