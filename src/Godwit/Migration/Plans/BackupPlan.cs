using Godwit.Requests;

namespace Godwit.Migration.Plans;

/// <summary>The route of Heroku's guides: source → archive in a store → signed link → Heroku's restore. Where the
/// target is no app's, Godwit restores the archive itself.</summary>
internal static class BackupPlan
{
    public const string RouteName = RunSettings.UsualRoute;

    public static Plan Of(RunContext run)
    {
        var (common, store) = Parts(run);
        var freeze = common.Freeze();
        return new(
            [
                common.Assess(),
                common.Backup(),
                common.Target(),
                .. common.Trial(),
                freeze,
                .. store.BringOver(),
                common.CarrySettings(),
                common.Verify(),
                .. common.Accept(),
                common.Switch(),
                common.Thaw(),
                .. store.AnalyzeRest(),
                store.CleanUp(),
            ],
            FirstChange: freeze);
    }

    public static Plan RehearsalOf(RunContext run)
    {
        var (common, store) = Parts(run);
        return RehearsalPlan.Of(run, common, store.BringOver(), [store.CleanUp()]);
    }

    private static (CommonSteps Common, StoreSteps Store) Parts(RunContext run) =>
        (new(run, Accepted(run.Settings.Accept.Codes)), new(run));

    // Heroku's restore continues without the extensions that it refuses.
    private static IReadOnlyList<string> Accepted(IReadOnlyList<string> accept) =>
        accept.Contains("assess.extension_needed")
            ? [.. CommonSteps.WithRows(accept), "load.extensions_refused"] : CommonSteps.WithRows(accept);
}
