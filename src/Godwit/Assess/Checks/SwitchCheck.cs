namespace Godwit.Assess.Checks;

/// <summary>Whether what the cut-over is to set besides the app can be set: nobody wants to hear of a typing mistake when everything stands still.</summary>
internal sealed class SwitchCheck : ICheck
{
    public string Name => "what is to point to the target";

    public bool IsVital => true;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var wish = world.Wishes.Switch;
        if (wish.EnvFile is { } file && wish.WhyNoEnvFile() is { } why)
            notes.Find(SwitchFindings.File(file, why));
        if ((world.Parts.Heroku ?? world.Parts.Target?.Heroku?.Client) is not { } heroku)
            return;
        foreach (var (app, name) in wish.ConfigVars)
        {
            if (await heroku.FindAppAsync(app, ct) is null)
            {
                // The target's own app may still be to be made.
                if (!world.Wishes.CreatesApp || app != world.Parts.Target?.Heroku?.App)
                    notes.Find(SwitchFindings.NoApp(app, name));
                continue;
            }

            if (world.Wishes.Freezes && app != world.Parts.Target?.Heroku?.App && !world.Wishes.Apps.Contains(app))
                notes.Find(SwitchFindings.Running(app, name));
            var owners = await heroku.ListAttachmentsAsync(app, ct);
            if (owners.FirstOrDefault(one => one.ConfigVars?.Contains(name) ?? name == one.Name + "_URL") is { } owner)
                notes.Find(SwitchFindings.Attached(app, name, owner.Addon.Name));
        }
    }
}
