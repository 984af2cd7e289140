using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Targets;

/// <summary>The add-on that a run has chosen. The run remembers it, so that a second one attached meanwhile does not
/// confuse a resume. If it is gone, another one is not what the user was told about.</summary>
/// <param name="key">Under which its name is remembered.</param>
/// <param name="isThrowAway">It is an add-on of this run's own: none that the app has already is ever
/// looked at.</param>
public sealed class ChosenAddOn(IRunMemory memory, RunKey<string> key, bool isThrowAway)
{
    private static readonly RunKey<string> OwnerKey = RunKey.Text("target.addon_owner");

    /// <summary>Under which the plan of the add-on is remembered, by its short name: what is left to do after the move
    /// depends on it.</summary>
    public static RunKey<string> PlanKey { get; } = RunKey.Text("target.plan");

    /// <summary>Null: none was chosen yet.</summary>
    public string? Name => memory.Recall(key);

    /// <summary>The add-on may belong to another app and be attached to the target's. Heroku shows it under its
    /// owner.</summary>
    public string? Owner => memory.Recall(OwnerKey);

    public bool IsThrowAway => isThrowAway;

    public void Keep(HerokuAddon addOn)
    {
        memory.Remember(OwnerKey, addOn.App.Name);
        memory.Remember(PlanKey, addOn.Plan.ShortName);
        memory.Remember(key, addOn.Name);
    }

    public void Forget() => memory.Remember(key, null);
}
