using Godwit.Assess;
using Godwit.Cutover;
using Godwit.Cutover.Freeze;
using Godwit.Dump;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

/// <summary>What the assessment of a run is given to look at.</summary>
internal static class RunAssessment
{
    /// <param name="copiesDirectly">From server to server.</param>
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
            StoreFlags = StoreWords.Flags(parts.Settings),
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
        DumpFlags = settings.DumpFlags,
        CreatesStore = settings.CreateStore,
        Freezes = settings.Freeze,
        HoldsMoment = settings.Rehearsal is not null,
        Apps = settings.Apps,
        LocksOut = settings.FreezeHow == FreezeHow.Revoke,
        IsFrozen = FreezeStep.IsSourceLeft(run.Memory),
        OnlyLooks = run.OnlyLooks,
        Accept = settings.Accept,
        AcceptViews = settings.AcceptViews,
        Cleans = settings.Clean,
        RoleMap = run.Roles,
        Plan = settings.Plan,
        PgVersion = settings.PgVersion,
        CreatesApp = settings.CreateApp,
        Region = settings.Region,
        IsInSpace = settings.Space is not null,
        MayEmptyTarget = run.Heroku is not null && settings.Confirm == run.Parts.Target.App,
        EmptyLive = settings.EmptyLive,
        GoesOn = run.Memory.Recall(TargetGuard.ClaimKey) is not null,
        Switch = new()
        {
            ConfigVars = [.. settings.ConfigVars],
            Attach = settings.Attach,
            EnvFile = settings.EnvFile,
            WhyNoEnvFile = () => run.EnvFile?.WhyNot(),
            AcceptCommand = settings.AcceptCommand,
            WhyNotAcceptedAsync = ct => AcceptCommand.WhyNotAsync(
                settings.AcceptCommand!, run.Parts.Processes, run.Clock, ct),
        },
        Jobs = settings.Jobs,
        DumpsAlone = settings.Engine == DumpEngineNames.PgDump,
        CompressLevel = settings.CompressLevel ?? new AssessRequest().CompressLevel,
    };
}
