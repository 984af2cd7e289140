using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Settings;

/// <param name="Refusal">Null: it was set, and a later look found it.</param>
public sealed record CarriedSetting(SettingDifference Difference, string? Refusal)
{
    public bool Stands => Refusal is null;
}

/// <param name="After">Read again afterwards.</param>
public sealed record CarriedSettings(IReadOnlyList<CarriedSetting> All, SettingsComparison After);

/// <summary>Safe to run again: equal settings are not touched.</summary>
public sealed class SettingsCarrier(PostgresAddress source, ITarget target, string? role)
{
    public Task<SettingsComparison> CompareAsync(CancellationToken ct) =>
        SettingsComparison.ReadAsync(source, target, role, ct);

    /// <summary>One by one: a refusal does not stop the others.</summary>
    public async Task<CarriedSettings> CarryAsync(SettingsComparison before, CancellationToken ct)
    {
        var pending = before.Pending.ToList();
        var refusals = new Dictionary<SettingDifference, string?>();
        if (pending.Count > 0)
        {
            await using var session = await PostgresSession.OpenAsync(await target.AddressAsync(ct), ct);
            await ServerSettings.LoadLanguageAsync(session, ct);
            foreach (var one in pending)
                refusals[one] = await RefusalAsync(session, one, ct);
        }

        // In new sessions, like the application's.
        var after = await CompareAsync(ct);
        return new([.. pending.Select(one => new CarriedSetting(one, refusals[one] ?? NotSeen(one, after)))], after);
    }

    /// <returns>Null: it was accepted.</returns>
    private async Task<string?> RefusalAsync(PostgresSession session, SettingDifference one, CancellationToken ct)
    {
        try
        {
            await (one.Change switch
            {
                SettingChange.Sql sql => SetAsync(session, sql, ct),
                SettingChange.Key key => SetAsync(target.Heroku!, key, ct),
                _ => Task.CompletedTask,
            });
            return null;
        }
        catch (FaultException e) when (one.Change is SettingChange.Key || PostgresSession.IsRefused(e))
        {
            // The server's error repeats an invalid value.
            return one.Change is SettingChange.Sql { Value: { IsHidden: true } value } ? Redactor.Clean(e.Fault.Why,
                new Secret(value.Reveal())) : e.Fault.Why;
        }
    }

    // A possible secret is kept out of the ALTER, which a target with log_statement = ddl logs.
    private static async Task SetAsync(PostgresSession session, SettingChange.Sql change, CancellationToken ct)
    {
        if (change.Value.IsHidden)
        {
            await session.ExecuteAsync("SELECT pg_catalog.set_config($1, $2, false)", ct, change.Name,
                change.Value.Reveal());
            await session.ExecuteAsync(
                $"{SettingSql.Beginning(session.Address.Database, change.Role, change.Name)} FROM CURRENT", ct);
        }
        else
        {
            await session.ExecuteAsync(
                SettingSql.Whole(session.Address.Database, change.Role, change.Name, change.Value.Reveal()), ct);
        }
    }

    private static async Task SetAsync(HerokuTarget heroku, SettingChange.Key change, CancellationToken ct)
    {
        var addOn = await heroku.RequireAddOnAsync(ct);
        await heroku.Client.PatchSettingsAsync(addOn.Id,
            new Dictionary<string, string> { [change.Name] = change.Value }, ct);
    }

    private static string? NotSeen(SettingDifference one, SettingsComparison after) =>
        after.Differences.FirstOrDefault(other => other.Name == one.Name && other.Role == one.Role)
            is { Kind: not SettingKind.Same } still
            ? $"it was accepted, and a new session still finds {still.Target ?? "nothing"}"
            : null;
}
