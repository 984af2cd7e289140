using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;

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
        string[] own = world.Parts.Target?.Heroku?.App is { } its ? [its] : [];
        if (own.Length > 0)
            await LookAtPoolsAsync(world, heroku, [.. own, .. asked.Attach], notes, ct);
        if (world.Request.Freezes)
            await LookAtSourcesAsync(world, heroku, own, notes, ct);

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

    // A config var that names the source, in an app that is stopped, and that the cut-over does not set.
    private static async Task LookAtSourcesAsync(
        AssessWorld world, HerokuClient heroku, string[] own, IAssessNotes notes, CancellationToken ct)
    {
        var asked = world.Request.Switch;
        (string App, string Name)[] set =
            [.. own.Concat(asked.Attach).Select(app => (app, "DATABASE_URL")), .. asked.ConfigVars];
        foreach (var app in own.Concat(world.Request.Apps).Distinct(StringComparer.Ordinal))
        {
            if (await heroku.FindAppAsync(app, ct) is null)
                continue;
            var kept = await NamingAsync(heroku, app, world.Source.Address, ct);
            kept.RemoveAll(name => set.Contains((app, name)));
            if (kept.Count > 0)
                notes.Add(SwitchFindings.KeepsSource(app, kept, canAttach: own.Length > 0));
        }
    }

    private static async Task<List<string>> NamingAsync(
        HerokuClient heroku, string app, PostgresAddress source, CancellationToken ct)
    {
        try
        {
            // A source at Heroku has attachments, which Heroku names itself.
            var attached = (await heroku.ListAttachmentsAsync(app, ct)).SelectMany(one =>
                one.ConfigVars ?? [one.Name + "_URL"]).Where(name => name != "DATABASE_URL").ToHashSet();
            return [.. (await heroku.GetConfigVarsAsync(app, ct))
                .Where(one => !attached.Contains(one.Key) && Names(one.Value, source))
                .Select(one => one.Key).Order(StringComparer.Ordinal)];
        }
        catch (FaultException e) when (e.Fault.Code == "heroku.forbidden")
        {
            // Who may stop an app need not be allowed to read its config vars; the run works without.
            return [];
        }
    }

    private static bool Names(Secret value, PostgresAddress source)
    {
        if (!value.Reveal().StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
            return false;
        try
        {
            return PostgresUrl.Parse(value.Reveal(), "a config var").NamesSameDatabaseAs(source);
        }
        catch (FaultException)
        {
            // Other texts begin like a URL.
            return false;
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
