using Godwit.Assess;
using Godwit.Copy;
using Godwit.Cutover;
using Godwit.Cutover.Freeze;
using Godwit.Cutover.Switch;
using Godwit.Dump;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Requests;
using Godwit.Settings;
using Godwit.Verify;

namespace Godwit.Migration.Plans;

/// <summary>The steps that several plans have.</summary>
/// <param name="accepted">Codes accepted at the target, because they were accepted for the assessment.</param>
internal sealed class CommonSteps(RunContext run, IReadOnlyList<string> accepted)
{
    private SourceFreezer? _freezer;

    /// <summary>The contents are copied from server to server: the assessment checks what that needs.</summary>
    public bool CopiesDirectly { get; init; }

    public TargetRequest TargetOptions { get; } = new(run.Settings.Heroku.CreateApp,
        run.Settings.Heroku.Plan, accepted, run.Settings.Clean.IsOn)
    {
        PgVersion = run.Settings.Heroku.PgVersion,
        Region = run.Settings.Heroku.Region,
        Team = run.Settings.Heroku.Team,
        Space = run.Settings.Heroku.Space,
    };

    public static IReadOnlyList<string> WithRows(IReadOnlyList<string> accept) =>
        accept.Contains("assess.extension_rows_refused") ? [.. accept, "load.extension_rows_refused"] : accept;

    public AssessStep Assess() => new(RunAssessment.Of(run, CopiesDirectly), run.Memory);

    public BackupStep Backup() => new(run.Settings.HasBackup, run.Source);

    public IStep Target() => Target(TargetOptions);

    public IStep Target(TargetRequest options) => run.Postgres is { } postgres
        ? new PostgresTargetStep(postgres, run.Source, run.Memory, run.Guard)
        : new TargetStep(run.Heroku!, options, run.Source, SourceBytes, run.Memory, run.Made!, run.Guard, run.Clock);

    /// <summary>No trial without cleaning: the user chose to let the target refuse definitions.</summary>
    public IEnumerable<TrialStep> Trial() => !run.Settings.Clean.IsOn ? [] :
        [new(run.Target, run.CallAsync, run.Settings.Clean.Roles,
            accepted.Contains("load.restore_warnings"), run.Memory, run.Clock)];

    /// <summary>A rehearsal's database needs no confirmation: nobody else uses it.</summary>
    public static CopyStep Fill(RunContext run, IFilling filling) => new(run.Target, run.Guard,
        run.Settings.Rehearsal is not null
            || (run.Heroku is not null && run.Settings.Heroku.Confirm == run.Parts.Target.Confirmation),
        filling, run.Memory, DumpMemory.FreezeKey, run.LeftOutFile, run.Clock);

    public FreezeStep Freeze()
    {
        var settings = run.Settings.Freeze;
        _freezer = settings.IsOn ? new SourceFreezer(run.Source, settings.How == FreezeHow.Revoke,
            run.Settings.Accept.Codes, run.Memory, run.Clock) : null;
        return new(run.Apps, _freezer, run.Memory, DumpMemory.FreezeKey, RunStory.FrozenAtKey, RunStory.ThawedAtKey,
            () => run.Guard.StoppedApps, run.Clock);
    }

    public CarrySettingsStep CarrySettings() => new(run.Source, run.Target,
        $"godwit settings {SourceWords.Flag(run.Settings.From)} --to {TargetWords.Reference(run.Parts)}",
        run.Memory, run.Clock);

    public VerifyStep Verify()
    {
        var settings = run.Settings.Verify;
        var options = new VerifyOptions
        {
            Level = settings.Level,
            Jobs = run.Settings.Jobs,
            AcceptViews = run.Settings.Accept.Views,
            FloatTolerance = settings.FloatTolerance,
        };
        return new(run.Source, run.Target.AddressAsync, options,
            ct => ExpectedSchema.ReadAsync(run.Folder, run.Settings.Clean.IsOn, ct), run.Settings.Accept.Codes,
            settings.QueryFiles,
            Path.Combine(run.Folder, RunStory.VerdictFile), run.Clock, () => run.Snapshot);
    }

    public IEnumerable<AcceptStep> Accept() => run.Settings.Switch.AcceptCommand is not { } command ? [] :
        [new(command, run.Target.UrlAsync, run.Parts.EnvironmentSecrets, run.Parts.Processes, run.Clock)];

    public SwitchStep Switch() => new([.. SwitchParts()],
        _freezer is null ? null : _freezer.RequireStillFrozenAsync, run.Memory, run.Clock);

    public ThawStep Thaw() => new(run.Apps, run.Settings.Freeze.IsOn, run.Memory, RunStory.ThawedAtKey, run.Clock);

    private IEnumerable<ISwitchPart> SwitchParts()
    {
        var parts = run.Parts;
        if (run.Heroku is { } target)
            yield return new PromotePart(target.Client, target.App, target.RequireAddOnAsync, run.Memory,
                RunStory.CutOverKey, RunStory.OrderedKey);
        foreach (var (app, name) in parts.Settings.Switch.ConfigVars)
            yield return new ConfigPart(parts.RequireHeroku(), app, name, run.Target.UrlAsync, run.Memory);
        foreach (var app in parts.Settings.Switch.Attach)
        {
            yield return new PromotePart(parts.RequireHeroku(), app, run.Heroku!.RequireAddOnAsync,
                new MemoryOfApp(run.Memory, app), RunStory.CutOverKey, RunStory.OrderedKey, attaches: true);
        }

        if (run.EnvFile is { } envFile)
            yield return envFile;
    }

    private long SourceBytes() => run.Memory.Recall(AssessStep.SourceBytesKey) ?? 0;
}
