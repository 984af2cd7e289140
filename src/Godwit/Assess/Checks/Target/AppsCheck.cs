using Godwit.Faults;

namespace Godwit.Assess.Checks.Target;

/// <summary>Whether the apps to stop exist. The freeze would notice only after it has stopped others.</summary>
internal sealed class AppsCheck : ICheck
{
    public string Name => "apps to stop";

    public IReadOnlyList<string> Acceptable => [];

    /// <summary>An app that is not stopped keeps writing.</summary>
    public bool IsVital => true;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (!world.Request.Freezes || world.Parts.Heroku is not { } heroku)
            return;
        var missing = new List<string>();
        foreach (var app in world.Request.Apps)
        {
            if (await heroku.FindAppAsync(app, ct) is null)
                missing.Add(app);
        }

        if (missing.Count > 0)
            notes.Add(AppsFindings.NoSuchApp(Phrase.List(missing)));
    }
}
