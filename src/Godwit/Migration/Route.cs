using System.Globalization;
using Godwit.Assess;
using Godwit.Cutover;
using Godwit.Cutover.Freeze;
using Godwit.Cutover.Switch;
using Godwit.Dump;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Settings;
using Godwit.Verify;

namespace Godwit.Migration;

/// <summary>What every way has in common: what is looked at, frozen, proven and switched, and how it goes back. How the
/// contents come over is each one's own.</summary>
public abstract partial class Route : IAsyncDisposable
{
    private readonly bool _onlyLooks;
    private protected readonly MigrationParts _parts;
    private protected readonly IRunMemory _memory;
    private readonly RunLock _targetLock = new();
    private readonly AppsFreezer _apps;
    private protected readonly HerokuTarget _target;
    private readonly MadeTarget _made;
    private protected readonly EmptyingGuard _guard;
    private protected readonly string _runId;
    private protected readonly string _folder;
    private readonly EnvFilePart? _envFile;

    /// <param name="folder">Of the run.</param>
    /// <param name="onlyLooks">For a plan or a dry run: not even a first byte is sent to the store.</param>
    private protected Route(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks)
    {
        (_runId, _folder) = (runId, folder);
        _onlyLooks = onlyLooks;
        _parts = parts;
        _memory = memory;
        _target = new HerokuTarget(parts.Heroku, parts.Target, memory, RunStory.AddOnKey, isThrowAway: parts.Settings.Rehearsal == RehearsalKind.AddOn);
        _made = new MadeTarget(_target, memory, RunStory.OrderedKey);
        var consent = new EmptyingConsent(parts.Settings.Confirm, parts.Settings.EmptyLive);
        _guard = new EmptyingGuard(_target, consent, parts.HistoryOf, memory, runId, parts.Settings.Freeze);
        Locks = new RunLocks(parts.Source, _targetLock, _target.FindAddressAsync, AssessStep.StepName, parts.Clock);
        _apps = AppsFreezer.Of(parts.Heroku, parts.Target.App, parts.Settings.Apps, parts.Settings.OnlyWorkers, memory, SwitchedApps);
        _envFile = parts.Settings.EnvFile is { } file ? new EnvFilePart(file, runId, _target.UrlAsync, memory) : null;
    }

    /// <summary>In the order of the plan.</summary>
    public IReadOnlyList<IStep> Steps => field ??= [.. _parts.Settings.Rehearsal is null ? Build() : BuildRehearsal()];

    /// <summary>What brings the contents of the frozen source into the target.</summary>
    private protected abstract IEnumerable<IStep> BringOver();

    /// <summary>What is done when all else is.</summary>
    private protected abstract IEnumerable<IStep> CleanUp();

    internal RunLocks Locks { get; }

    /// <summary>The way that the user has chosen.</summary>
    /// <inheritdoc cref="Route(MigrationParts, IRunMemory, string, string, bool)"/>
    public static Route Of(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks = false) =>
        parts.Settings.IsDirect ? new DirectRoute(parts, memory, runId, folder, onlyLooks) : new BackupRoute(parts, memory, runId, folder, onlyLooks);

    /// <summary>Asked before anything is put back that was cut over: whether nothing would be lost.</summary>
    /// <param name="written">The fault when something would be, from what it is.</param>
    internal IReadOnlyList<IStep> StepsBeforeGoingBack(Func<string, Fault> written) =>
    [
        new PauseStep(_apps.WithSwitched),
        new CompareStep(_parts.Source, _target.AddressAsync, CompareOptionsAsync, _parts.Settings.Accept, written, _parts.Clock),
    ];

    /// <summary>Apps get the target's URL that are not stopped for the time of the run.</summary>
    internal bool SwitchesRunningApps => !_parts.Settings.Freeze
        || SwitchedApps.Any(app => app != _parts.Target.App && !_parts.Settings.Apps.Contains(app));

    /// <summary>Beside the target's own.</summary>
    private IEnumerable<string> SwitchedApps =>
        _parts.Settings.ConfigVars.Select(one => one.App).Concat(_parts.Settings.Attach);

    /// <summary>What is not as it was before the freeze; only looks.</summary>
    internal async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) => _parts.Settings.Rehearsal is null
        ? [.. await Steps.OfType<FreezeStep>().Single().FindLeftAsync(ct), .. await FindBroughtLeftAsync(ct)]
        : await FindRehearsalLeftAsync(ct);

    /// <summary>What is at the target that an undoing takes away, in a clause each; only looks.</summary>
    private protected virtual Task<IReadOnlyList<string>> FindBroughtLeftAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Also for a way back that comes without the step that takes the lock.</summary>
    /// <exception cref="FaultException"><c>load.target_locked</c>: another run works on the target.</exception>
    private protected async Task HoldTargetAsync(CancellationToken ct)
    {
        var address = await _target.AddressAsync(ct);
        if (await _targetLock.TakeAsync(address, ct) is { } who)
            throw new FaultException(LoadFaults.TargetLocked(address, who));
    }

    /// <summary>The apps that were paused go on, on the new database.</summary>
    internal Task GoOnAsync(CancellationToken ct) => _apps.ThawAsync(ct);

    /// <summary>Its undoing destroys what this run made at Heroku, which stays otherwise.</summary>
    internal IUndoableStep DropStep => new MadeStep(Steps.Single(step => step.Name == TargetStep.StepName), "Destroy the database and the app that the run made at Heroku, if it made them", DropAsync);

    /// <summary>Behind this step the applications use the target: nothing is undone by itself any more.</summary>
    public const string PointOfNoReturn = "cutover";

    /// <summary>Before this step nothing is changed that would have to be undone.</summary>
    public const string FirstChange = "freeze";

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_moment is not null)
            await _moment.DisposeAsync();
        await Locks.DisposeAsync();
        await _targetLock.DisposeAsync();
    }

    private IEnumerable<IStep> Build()
    {
        var (settings, source, clock) = (_parts.Settings, _parts.Source, _parts.Clock);
        var sourceFreezer = settings.Freeze ? new SourceFreezer(source, settings.FreezeHow == FreezeHow.Revoke, settings.Accept, _memory, clock) : null;
        var wishes = new TargetWishes(settings.CreateApp, settings.Plan, AcceptedByTarget(settings.Accept), settings.Clean)
        {
            PgVersion = settings.PgVersion, Region = settings.Region, Team = settings.Team, Space = settings.Space,
        };

        yield return new AssessStep(AssessParts(), _memory);
        yield return new BackupStep(settings.HasBackup, source);
        yield return new TargetStep(_target, wishes, source, SourceBytes, _targetLock, _memory, _made, _guard, clock);
        // What is sent as pg_dump makes it is refused in parts, and whoever wants that knows it.
        if (settings.Clean)
        {
            yield return new TrialStep($"{_target.Name}", _target.AddressAsync, CallAsync, RoleMap.Parse(settings.MapRoles, out _),
                AcceptedByTarget(settings.Accept).Contains("load.restore_warnings") && !settings.IsDirect, _memory, clock);
        }

        yield return new FreezeStep(_apps, sourceFreezer, _memory, DumpMemory.FreezeKey, RunStory.FrozenAtKey,
            RunStory.ThawedAtKey, () => _guard.StoppedApps, clock);
        foreach (var step in BringOver())
            yield return step;
        yield return new CarrySettingsStep(source, SettingsTargets.Of(_target), SettingsCommand(), _memory, clock);
        yield return Verification(null);
        if (settings.AcceptCommand is { } command)
            yield return new AcceptStep(command, _target.UrlAsync, _parts.EnvironmentSecrets, _parts.Processes, clock);
        yield return new SwitchStep([.. SwitchParts()], sourceFreezer is null ? null : sourceFreezer.RequireStillFrozenAsync, _memory, clock);
        yield return new ThawStep(_apps, settings.Freeze, _memory, RunStory.ThawedAtKey, clock);
        foreach (var step in CleanUp())
            yield return step;
    }

    /// <param name="snapshot">The moment of the source that is compared; null: as it is then.</param>
    private VerifyStep Verification(Func<string?>? snapshot)
    {
        var settings = _parts.Settings;
        var options = new VerifyOptions
        {
            Level = VerifyLevels.Of(settings.Verify),
            Jobs = settings.Jobs,
            AcceptViews = settings.AcceptViews,
            FloatTolerance = settings.FloatTolerance,
        };
        return new(_parts.Source, _target.AddressAsync, options, ct => ExpectedSchema.ReadAsync(_folder, settings.Clean, ct),
            settings.Accept, settings.QueryFiles, Path.Combine(_folder, RunStory.VerdictFile), _parts.Clock, snapshot);
    }

    private protected Task<PgDumpCall> CallAsync(CancellationToken ct) => PgDumpCall.FindAsync(_parts.Source, _parts.Tools, _parts.Processes, ct);

    private async Task<string?> DropAsync(CancellationToken ct)
    {
        try
        {
            return await _made.RemoveAsync(ct);
        }
        catch (FaultException e)
        {
            throw new FaultException(MigrationFaults.NotDropped(_runId, _parts.Target.App, e.Fault), e);
        }
    }

    private IEnumerable<ISwitchPart> SwitchParts()
    {
        yield return new PromotePart(_parts.Heroku, _parts.Target.App, _target.RequireAddOnAsync, _memory, RunStory.CutOverKey, RunStory.OrderedKey);
        foreach (var (app, name) in _parts.Settings.ConfigVars)
            yield return new ConfigPart(_parts.Heroku, app, name, _target.UrlAsync, _memory);
        foreach (var app in _parts.Settings.Attach)
        {
            yield return new PromotePart(_parts.Heroku, app, _target.RequireAddOnAsync, new MemoryOfApp(_memory, app),
                RunStory.CutOverKey, RunStory.OrderedKey, attaches: true);
        }

        if (_envFile is not null)
            yield return _envFile;
    }

    private string SettingsCommand() =>
        $"godwit settings {SourceWords.Flag(_parts.Settings.From)} --to {_parts.Target}";

    /// <summary>What the target need not be asked again, because it was taken on when it was assessed.</summary>
    private protected abstract IReadOnlyList<string> AcceptedByTarget(IReadOnlyList<string> accept);

    private protected static IReadOnlyList<string> WithRows(IReadOnlyList<string> accept) =>
        accept.Contains("assess.extension_rows_refused") ? [.. accept, "load.extension_rows_refused"] : accept;

    private AssessParts AssessParts() => new()
    {
        Source = _parts.Source,
        Target = AssessTargets.Of(_target, _parts.HistoryOf),
        Heroku = _parts.Heroku,
        Store = _parts.Store,
        StoreFlags = StoreWords.Flags(_parts.Settings),
        RunId = _runId,
        EarlierRuns = _parts.EarlierRuns.Where(run => run != _runId).ToHashSet(StringComparer.Ordinal),
        Wishes = new()
        {
            IsDirect = _parts.Settings.IsDirect,
            DirectWhy = _parts.Settings.RouteWhy,
            DumpFlags = _parts.Settings.DumpFlags,
            CreatesStore = _parts.Settings.CreateStore,
            Freezes = _parts.Settings.Freeze,
            HoldsMoment = IsRehearsal,
            Apps = _parts.Settings.Apps,
            LocksOut = _parts.Settings.FreezeHow == FreezeHow.Revoke,
            IsFrozen = FreezeStep.IsSourceLeft(_memory),
            OnlyLooks = _onlyLooks,
            Accept = _parts.Settings.Accept,
            AcceptViews = _parts.Settings.AcceptViews,
            Cleans = _parts.Settings.Clean,
            RoleMap = RoleMap.Parse(_parts.Settings.MapRoles, out _),
            Plan = _parts.Settings.Plan,
            PgVersion = _parts.Settings.PgVersion,
            CreatesApp = _parts.Settings.CreateApp,
            Region = _parts.Settings.Region,
            IsInSpace = _parts.Settings.Space is not null,
            MayEmptyTarget = _parts.Settings.Confirm == _parts.Target.App,
            EmptyLive = _parts.Settings.EmptyLive,
            GoesOn = _memory.Recall(TargetStep.ClaimKey) is not null,
            Switch = new()
            {
                ConfigVars = [.. _parts.Settings.ConfigVars],
                Attach = _parts.Settings.Attach,
                EnvFile = _parts.Settings.EnvFile,
                WhyNoEnvFile = () => _envFile?.WhyNot(),
                AcceptCommand = _parts.Settings.AcceptCommand,
                WhyNotAcceptedAsync = ct => AcceptCommand.WhyNotAsync(
                    _parts.Settings.AcceptCommand!, _parts.Processes, _parts.Clock, ct),
            },
            Jobs = _parts.Settings.Jobs,
            DumpsAlone = _parts.Settings.Engine == DumpEngineNames.PgDump,
            CompressLevel = _parts.Settings.CompressLevel ?? new AssessWishes().CompressLevel,
        },
        FindDumperAsync = AssessTargets.Dumper(_parts.Source, _parts.Tools, _parts.Processes),
        Clock = _parts.Clock,
    };

    /// <summary>Of two databases with as many rows one may still have been written to.</summary>
    private async Task<VerifyOptions> CompareOptionsAsync(CancellationToken ct) => new()
    {
        Level = VerifyLevels.Of(_parts.Settings.Verify) == VerifyLevel.Rows ? VerifyLevel.Rows : VerifyLevel.Checksums,
        Jobs = _parts.Settings.Jobs,
        Expected = await ExpectedSchema.ReadAsync(_folder, _parts.Settings.Clean, ct),
        AcceptViews = _parts.Settings.AcceptViews,
    };

    private long SourceBytes() => _memory.Recall(AssessStep.SourceBytesKey) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
}
