using Godwit.Heroku;
using Godwit.Postgres;

namespace Godwit.Settings;

/// <param name="Name">As it was typed: <c>heroku:app</c>.</param>
/// <param name="AddressAsync">Where it is now.</param>
/// <param name="Heroku">Null: a plain PostgreSQL.</param>
public sealed record SettingsTarget(string Name, Func<CancellationToken, Task<PostgresAddress>> AddressAsync, SettingsHeroku? Heroku);

public sealed record SettingsHeroku(HerokuClient Client, string App, Func<CancellationToken, Task<HerokuAddon>> AddOnAsync)
{
    internal async Task<HerokuSide> ReadAsync(CancellationToken ct)
    {
        var addOn = await AddOnAsync(ct);
        // Heroku's command line does not even ask on the others.
        var keys = HerokuSettingKey.AreOfferedOn(addOn.Plan) ? await Client.GetSettingsAsync(addOn.Id, ct) : null;
        return new(App, addOn.Name, addOn.Plan.ShortName, keys);
    }
}
