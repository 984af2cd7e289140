using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Targets;

/// <summary>The run remembers its add-on, so that one attached later does not confuse a resume. If it is gone, no other
/// replaces it: the user was told about this one.</summary>
/// <param name="key">Of its name.</param>
/// <param name="isThrowAway">Only this run uses it: add-ons that the app already has are ignored.</param>
public sealed class ChosenAddOn(IRunMemory memory, RunKey<string> key, bool isThrowAway)
{
    private static readonly RunKey<string> OwnerKey = RunKey.Text("target.addon_owner");

    /// <summary>The plan's short name, on which the tasks after the move depend.</summary>
    public static RunKey<string> PlanKey { get; } = RunKey.Text("target.plan");

    /// <summary>Null: none chosen yet.</summary>
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
