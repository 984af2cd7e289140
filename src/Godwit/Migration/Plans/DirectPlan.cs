using Godwit.Copy;

namespace Godwit.Migration.Plans;

/// <summary>From server to server: no archive, no store, and no restore of Heroku's.</summary>
internal static class DirectPlan
{
    public const string RouteName = "direct";

    public static Plan Of(RunContext run)
    {
        var common = Common(run);
        var freeze = common.Freeze();
        // The copy's own ledger goes with its end, and nothing else was put anywhere: nothing is cleaned up.
        return new(
            [
                common.Assess(),
                common.Backup(),
                common.Target(),
                .. common.Trial(),
                freeze,
                Copy(run),
                common.CarrySettings(),
                common.Verify(),
                .. common.Accept(),
                common.Switch(),
                common.Thaw(),
            ],
            FirstChange: freeze);
    }

    public static Plan RehearsalOf(RunContext run) => RehearsalPlan.Of(run, Common(run), [Copy(run)], []);

    private static CommonSteps Common(RunContext run) =>
        new(run, Accepted(run.Settings.Accept.Codes)) { CopiesDirectly = true };

    /// <summary>A copy ends at the first statement that is refused: better before the freeze than behind it.</summary>
    private static IReadOnlyList<string> Accepted(IReadOnlyList<string> accept) =>
        [.. CommonSteps.WithRows(accept)
            .Where(code => code is not ("load.extensions_refused" or "load.restore_warnings"))];

    private static CopyStep Copy(RunContext run) => FillingStep.Of(run,
        new DirectFilling(run.Source, run.CallAsync, () => Options(run), run.LeftOutFile, run.Clock));

    private static CopyOptions Options(RunContext run) => new()
    {
        Fill = new()
        {
            Jobs = run.Settings.Jobs,
            MappedRoles = run.Settings.Clean.RolesIfOn,
            LeftOutFile = run.LeftOutFile,
        },
        // What is not the one owner's of the target is left out by the cleaning, which lists it.
        HasOwnersAndGrants = run.Settings.Clean.IsOn,
        Snapshot = run.Snapshot,
        IsFrozen = run.Settings.Freeze.IsOn,
    };
}
