using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess.Checks.Server;

/// <summary>ALTER DATABASE … SET and ALTER ROLE … SET, which dumps do not contain. Shows names only: values may be
/// secret.</summary>
internal sealed class SettingsCheck : ICheck
{
    public string Name => "settings";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var user = world.Source.Address.User;
        var stored = (await ServerSettings.StoredAsync(world.Source, ct))
            .Where(one => one.CanLogIn && !KnownProviders.IsProviderSetting(one.Name)
                && (one.Role is null || !KnownProviders.HasRole(one.Role))
                && one.Name != SettingRules.ReadOnlyDefault).ToList();
        if (stored.Count == 0)
            return;
        // A plain server is named as its host only: its URL was typed by reference, and nobody has that here.
        var target = world.Parts.Target is { Heroku: not null } app ? app.Title : "TARGET";
        var whyNot = await RulesAsync(world, ct);
        var own = stored.Where(one => one.Role is null || one.Role == user).Select(one => one.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => (Name: name, Why: whyNot(name))).ToList();
        var carried = own.Where(one => one.Why is null).Select(one => one.Name).ToList();
        if (carried.Count > 0)
            notes.Add(SettingsFindings.Carried(Phrase.List(carried), target));
        var missing = own.Where(one => one.Why is not null).Select(one => $"{one.Name} ({one.Why})").ToList();
        if (missing.Count > 0)
            notes.Add(SettingsFindings.NotCarried(Phrase.List(missing)));
        var others = stored.Where(one => one.Role is not null && one.Role != user).ToList();
        if (others.Count > 0)
        {
            var named = Phrase.List([.. others.Select(one => $"{one.Name} of {one.Role}")]);
            notes.Add(SettingsFindings.OfRoles(user, named, SettingSql.RoleFlag(others[0].Role!), target));
        }
    }

    // Why the target does not take a setting; null: it does. Without a target, its owner counts as an ordinary role.
    private static async Task<Func<string, string?>> RulesAsync(AssessWorld world, CancellationToken ct)
    {
        var there = world.Target ?? world.Source;
        var contexts = await ServerSettings.ContextsAsync(there, ct);
        var rights = world.Target is null ? SettingRights.None : await ServerSettings.RightsAsync(world.Target, ct);
        var plan = world.IsForHeroku ? await PlanAsync(world, ct) : null;
        return name => SettingRules.WhyNever(name) is { } never ? never
            : world.IsForHeroku && HerokuSettingKey.Find(name) is not null
                ? plan is null || HerokuSettingKey.AreOfferedOn(plan) ? null : $"Heroku sets it, but not on {plan}"
            : !contexts.TryGetValue(name, out var context) && !SettingRules.IsCustom(name)
            ? $"PostgreSQL {there.ServerMajor} does not have it"
            : rights.MaySet(name, context) ? null : SettingRules.WhyNot(context);
    }

    // Of the present add-on, else of the one to order.
    private static async Task<string?> PlanAsync(AssessWorld world, CancellationToken ct) =>
        world.Target is not null && world.Parts.Target?.Heroku is { } heroku
            ? (await heroku.FindAddOnAsync(ct))?.Plan.ShortName
            : world.Request.Plan is { } asked ? new HerokuPlan(asked).ShortName
            : HerokuPlanSize.Cheapest(await world.BytesAsync(ct), (await world.TablesAsync(ct)).Count)?.Plan;
}
