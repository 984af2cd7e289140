using Godwit.Assess;
using Godwit.Cutover;
using Godwit.Cutover.Freeze;
using Godwit.Dump;
using Godwit.Pipeline;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

internal static class RunAssessment
{
    public static AssessParts Of(RunContext run, bool copiesDirectly)
    {
        var parts = run.Parts;
        return new()
        {
            Source = parts.Source,
            Target = run.Target,
            HistoryOf = parts.HistoryOf,
            Heroku = parts.Heroku,
            Store = parts.Store,
            StoreFlags = parts.Settings.StoreAccess.Flags(),
            RunId = run.RunId,
            EarlierRuns = parts.EarlierRuns.Where(one => one != run.RunId).ToHashSet(StringComparer.Ordinal),
            Request = Request(run, parts.Settings, copiesDirectly),
            FindDumperAsync = AssessTools.Dumper(parts.Source, parts.Tools, parts.Processes),
            Clock = parts.Clock,
        };
    }

    private static AssessRequest Request(RunContext run, RunSettings settings, bool copiesDirectly) => new()
    {
        IsDirect = copiesDirectly,
        DirectWhy = settings.RouteWhy,
        DumpFlags = settings.Dump.Flags,
        CreatesStore = settings.Store.Creates,
        Freezes = settings.Freeze.IsOn,
        HoldsSnapshot = settings.Rehearsal is not null,
        Apps = settings.Freeze.Apps,
        LocksOut = settings.Freeze.How == FreezeHow.Revoke,
        IsFrozen = FreezeStep.IsSourceLeft(run.Memory),
        OnlyLooks = run.OnlyLooks,
        Accept = settings.Accept.Codes,
        AcceptViews = settings.Accept.Views,
        Cleans = settings.Clean.IsOn,
        RoleMap = settings.Clean.Roles,
        Plan = settings.Heroku.Plan,
        PgVersion = settings.Heroku.PgVersion,
        CreatesApp = settings.Heroku.CreateApp,
        Region = settings.Heroku.Region,
        IsInSpace = settings.Heroku.Space is not null,
        MayEmptyTarget = run.Heroku is not null && settings.Heroku.Confirm == run.Parts.Target.App,
        EmptyLive = settings.Heroku.EmptyLive,
        GoesOn = run.Memory.Recall(TargetGuard.ClaimKey) is not null,
        Switch = new()
        {
            ConfigVars = [.. settings.Switch.ConfigVars],
            Attach = settings.Switch.Attach,
            EnvFile = settings.Switch.EnvFile,
            WhyNoEnvFile = () => run.EnvFile?.WhyNot(),
            AcceptCommand = settings.Switch.AcceptCommand,
            WhyNotAcceptedAsync = ct => AcceptCommand.WhyNotAsync(
                settings.Switch.AcceptCommand!, run.Parts.Processes, run.Clock, ct),
        },
        Jobs = settings.Jobs,
        DumpsAlone = settings.Dump.Engine == DumpEngineKind.PgDump,
        CompressLevel = settings.Dump.CompressLevel ?? new AssessRequest().CompressLevel,
    };
}
