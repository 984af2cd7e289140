using Godwit.Dump;
using Godwit.Pipeline;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

/// <summary>A route's own steps, from one moment of a source that stays in use: nothing is frozen, and no application
/// is changed.</summary>
internal static class RehearsalPlan
{
    private const string ThrowAwayName = "GODWIT_REHEARSAL";

    /// <param name="cleanUp">Removes what <paramref name="bringOver"/> stored elsewhere.</param>
    public static Plan Of(
        RunContext run, CommonSteps common, IEnumerable<IStep> bringOver, IReadOnlyList<IStep> cleanUp)
    {
        var isAddOn = run.Settings.Rehearsal == RehearsalKind.AddOn;
        IStep target = isAddOn ? AddOn(run, common) : common.Target(common.TargetOptions with { CreateApp = true });
        return new(
            [
                common.Assess(),
                target,
                new MomentStep(run.Source, run.Memory, DumpMemory.FreezeKey, run.Hold, run.Clock),
                .. bringOver,
                common.CarrySettings(),
                common.Verify(),
                .. common.Accept(),
                .. cleanUp,
                .. isAddOn ? (IStep[])[new RemoveStep(run.Made!, run.Parts.Target.App!)] : [],
            ],
            FirstChange: target);
    }

    private static MadeStep AddOn(RunContext run, CommonSteps common) => new(
        common.Target(common.TargetOptions with
        {
            CreateApp = false,
            ThrowAwayName = ThrowAwayName,
            PlanLike = ct => PlanOfAppAsync(run, ct),
        }),
        "Destroy the throw-away database", run.Made!.RemoveAsync, ct => FindLeftAsync(run, ct));

    // The plan of the database that a migration would use.
    private static async Task<string?> PlanOfAppAsync(RunContext run, CancellationToken ct) =>
        (await new HerokuTarget(run.Heroku!.Client, (HerokuTargetName)run.Parts.Target).FindAddOnAsync(ct))?.Plan.Name;

    private static async Task<IReadOnlyList<string>> FindLeftAsync(RunContext run, CancellationToken ct) =>
        await run.Made!.FindAddOnAsync(ct) is { } ordered
            ? [$"the throw-away database {ordered} of {run.Parts.Target.App} is there, and costs money"] : [];
}
