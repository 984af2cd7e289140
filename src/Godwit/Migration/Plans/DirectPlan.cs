using Godwit.Copy;

namespace Godwit.Migration.Plans;

/// <summary>From server to server: no archive, no store, no restore by Heroku.</summary>
internal static class DirectPlan
{
    public const string RouteName = "direct";

    public static Plan Of(RunContext run)
    {
        var common = Common(run);
        var freeze = common.Freeze();
        // The copy removes its own ledger, and nothing else was stored: this plan has no clean-up.
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

    // A copy ends at the first refused statement, so refusals end the run before the freeze.
    private static IReadOnlyList<string> Accepted(IReadOnlyList<string> accept) =>
        [.. CommonSteps.WithRows(accept)
            .Where(code => code is not ("load.extensions_refused" or "load.restore_warnings"))];

    private static CopyStep Copy(RunContext run) => CommonSteps.Fill(run,
        new DirectFilling(run.Source, run.CallAsync, () => Options(run), run.LeftOutFile, run.Clock));

    private static CopyOptions Options(RunContext run) => new()
    {
        Fill = new()
        {
            Jobs = run.Settings.Jobs,
            MappedRoles = run.Settings.Clean.RolesIfOn,
            LeftOutFile = run.LeftOutFile,
        },
        // The cleaning leaves out, and lists, what is not the target's one owner's.
        HasOwnersAndGrants = run.Settings.Clean.IsOn,
        Snapshot = run.Snapshot,
        IsFrozen = run.Settings.Freeze.IsOn,
    };
}
