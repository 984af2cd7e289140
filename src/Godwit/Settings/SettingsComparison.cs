// Settings: what is set at the source and not at the target, and is in no dump.
//
// Compares pg_settings and what ALTER DATABASE and ALTER ROLE have stored, sorted by what can be done: set it, ask
// Heroku to set it, or leave it to the plan. `godwit settings` shows the comparison; a step of a run sets what can be
// set. The room does not know how the data is moved.
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.Settings;

/// <param name="Source">Without its password, as is <paramref name="Target"/>.</param>
/// <param name="Role">The source's role whose settings count as the application's.</param>
/// <param name="Plan">Heroku's; null: a plain PostgreSQL.</param>
/// <param name="Psql">Where to paste statements; null: psql, with the target's URL.</param>
/// <param name="ToSeeAll">Shows settings that only the source's administrators see and that were not compared. Null:
/// all were.</param>
public sealed record SettingsComparison(
    string Source, string Target, int SourceMajor, int TargetMajor, string Role, string? Plan, string? Psql,
    string? ToSeeAll,
    IReadOnlyList<SettingDifference> Differences)
{
    /// <summary>What can be carried and the target lacks.</summary>
    public IEnumerable<SettingDifference> Pending =>
        Differences.Where(one => one.Kind is SettingKind.Carried or SettingKind.Heroku);

    /// <param name="role">Null: the one that <paramref name="source"/> logs in with.</param>
    /// <exception cref="FaultException">A side cannot be reached, or the role does not exist.</exception>
    public static async Task<SettingsComparison> ReadAsync(
        PostgresAddress source, ITarget target, string? role, CancellationToken ct)
    {
        var left = await SettingsSide.ReadAsync(source, ct);
        if (role is not null && !left.Rights.Roles.Contains(role))
            throw new FaultException(SettingsFaults.NoRole(source, role));
        var heroku = target.Heroku is null ? null : await HerokuSide.ReadAsync(target.Heroku, ct);
        var right = await SettingsSide.ReadAsync(await target.AddressAsync(ct), ct);
        var whose = role ?? source.User;
        return new($"{source}", target.Title, left.Major, right.Major, whose, heroku?.Plan,
            heroku is null ? null : $"heroku pg:psql {heroku.AddOn} --app {heroku.App}",
            left.Rights.SeesAll ? null : $"GRANT pg_read_all_settings TO {ServerCatalog.Quote(source.User)};",
            new SettingsComparer(left, right, whose, heroku).Compare());
    }
}
