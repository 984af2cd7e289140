using Godwit.Heroku;

namespace Godwit.Assess.Checks.Target;

/// <summary>Whether the cut-over can set everything besides the app, so that a typing mistake is found before the
/// freeze.</summary>
internal sealed class SwitchCheck : ICheck
{
    public string Name => "what is to point to the target";

    public IReadOnlyList<string> Acceptable => [];

    public bool IsVital => true;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var asked = world.Request.Switch;
        if (asked.EnvFile is { } file && asked.WhyNoEnvFile() is { } why)
            notes.Add(SwitchFindings.File(file, why));
        if (asked.AcceptCommand is { } command && await asked.WhyNotAcceptedAsync(ct) is { } reason)
            notes.Add(SwitchFindings.Command(command, reason));
        if ((world.Parts.Heroku ?? world.Parts.Target?.Heroku?.Client) is not { } heroku)
            return;
        foreach (var app in asked.Attach)
            await LookAtAppAsync(app, "DATABASE_URL", $"--attach {app}", ct);
        foreach (var (app, name) in asked.ConfigVars)
        {
            if (!await LookAtAppAsync(app, name, $"--set-config {app}:{name}", ct))
                continue;
            var owners = await heroku.ListAttachmentsAsync(app, ct);
            if (owners.FirstOrDefault(one => one.ConfigVars?.Contains(name) ?? name == one.Name + "_URL") is { } owner)
                notes.Add(SwitchFindings.Attached(app, name, owner.Addon.Name));
        }

        // A rehearsal switches nothing.
        if (world.Request.HoldsSnapshot)
            return;
        if (world.Parts.Target?.Heroku?.App is { } own)
            await LookAtPoolsAsync(world, heroku, [own, .. asked.Attach], notes, ct);

        async Task<bool> LookAtAppAsync(string app, string name, string flag, CancellationToken token)
        {
            if (await heroku.FindAppAsync(app, token) is null)
            {
                // The target's own app may be created later.
                if (!world.Request.CreatesApp || app != world.Parts.Target?.Heroku?.App)
                    notes.Add(SwitchFindings.NoApp(flag));
                return false;
            }

            if (world.Request.Freezes && app != world.Parts.Target?.Heroku?.App && !world.Request.Apps.Contains(app))
                notes.Add(SwitchFindings.Running(app, name));
            return true;
        }
    }

    private static async Task LookAtPoolsAsync(
        AssessWorld world, HerokuClient heroku, IEnumerable<string> apps, IAssessNotes notes, CancellationToken ct)
    {
        var addOn = await world.FindAddOnAsync(ct);
        foreach (var app in apps.Distinct(StringComparer.Ordinal))
        {
            if (await heroku.FindAppAsync(app, ct) is null)
                continue;
            var attached = await heroku.ListAttachmentsAsync(app, ct);
            // A target that is already the app's database is not promoted.
            if (!HerokuPromotions.HasPool(attached)
                || attached.Any(one => one.Name == "DATABASE" && one.Addon.Id == addOn?.Id))
                continue;
            var plan = await world.PlanAsync(ct)
                ?? HerokuPlanSize.Cheapest(await world.BytesAsync(ct), (await world.TablesAsync(ct)).Count)?.Plan;
            if (plan is not null && HerokuPlanSize.HasNoPool(plan))
                notes.Add(SwitchFindings.NoPool(app, plan));
        }
    }
}
