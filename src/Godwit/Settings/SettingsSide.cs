using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Settings;

/// <param name="User">The session's role: at the target the owner, as which applications log in.</param>
internal sealed record SettingsSide(
    string User, string Database, int Major, IReadOnlyDictionary<string, ServerSetting> Settings,
    IReadOnlyList<StoredSetting> Stored, SettingRights Rights)
{
    public static async Task<SettingsSide> ReadAsync(PostgresAddress address, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(address, ct);
        return new(
            address.User, address.Database, session.ServerMajor, await ServerSettings.ReadAsync(session, ct),
            await ServerSettings.StoredAsync(session, ct), await ServerSettings.RightsAsync(session, ct));
    }

    public SettingShape Shape(string name) => Settings.GetValueOrDefault(name)?.Shape ?? SettingShape.Custom(name);

    /// <summary>For sessions of a role, whose own value wins over the database's.</summary>
    /// <param name="role">Null: what every role gets.</param>
    public IEnumerable<StoredSetting> StoredFor(string? role) =>
        from one in Stored
        where one.Role is null || one.Role == role
        group one by one.Name.ToLowerInvariant() into same
        select same.MaxBy(one => one.Rank);
}

/// <param name="Keys">Null: not available.</param>
/// <param name="WhyNoKeys">A clause, for a setting that has one.</param>
internal sealed record HerokuSide(
    string App, string AddOn, string Plan, IReadOnlyDictionary<string, HerokuSetting>? Keys, string WhyNoKeys)
{
    public static async Task<HerokuSide> ReadAsync(HerokuTarget target, CancellationToken ct)
    {
        var addOn = await target.RequireAddOnAsync(ct);
        var plan = addOn.Plan.ShortName;
        // Heroku's command line does not even ask on other plans.
        if (!HerokuSettingKey.AreOfferedOn(plan))
            return new(target.App, addOn.Name, plan, Keys: null,
                $"Heroku has a pg:settings key for it, but not on the plan {plan}");
        try
        {
            return new(target.App, addOn.Name, plan, await target.Client.GetSettingsAsync(addOn.Id, ct), "");
        }
        catch (FaultException e) when (e.Fault.Kind == FaultKind.Refused)
        {
            // Other settings do not need the keys, and how much is logged must not fail a migration.
            return new(target.App, addOn.Name, plan, Keys: null,
                $"Heroku refused to tell its pg:settings: {e.Fault.Why}");
        }
    }
}
