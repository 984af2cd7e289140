using System.Globalization;
using Godwit.Assess;
using Godwit.Cutover;
using Godwit.Cutover.Freeze;
using Godwit.Cutover.Switch;
using Godwit.Dump;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Settings;
using Godwit.Verify;

namespace Godwit.Migration;

/// <summary>The route of Heroku's guides: source → archive in a store → signed link → Heroku's restore → verify → cut over.</summary>
public sealed partial class BackupRoute : IAsyncDisposable
{
    private readonly bool _onlyLooks;
    private readonly MigrationParts _parts;
    private readonly IRunMemory _memory;
    private readonly RunLock _targetLock = new();
    private readonly RestoreLink _link;
    private readonly AppsFreezer _apps;
    private readonly HerokuTarget _target;
    private readonly MadeTarget _made;
    private readonly DumpMemory _dump;
    private readonly string _folder;
    private readonly EnvFilePart? _envFile;

    /// <param name="folder">Of the run.</param>
    /// <param name="onlyLooks">For a plan or a dry run: not even a first byte is sent to the store.</param>
    public BackupRoute(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks = false)
    {
        _folder = folder;
        _onlyLooks = onlyLooks;
        _parts = parts;
        _memory = memory;
        _dump = new DumpMemory(memory, runId);
        _target = new HerokuTarget(parts.Heroku, parts.Target, memory, RunStory.AddOnKey, isThrowAway: parts.Settings.Rehearsal == RehearsalKind.AddOn);
        _made = new MadeTarget(_target, memory, RunStory.OrderedKey);
        Locks = new RunLocks(parts.Source, _targetLock, _target.FindAddressAsync, AssessStep.StepName, parts.Clock);
        _link = new RestoreLink(parts.Store, _dump.Key, LifeOfLink, parts.HerokuIsHere, parts.Clock);
        _apps = AppsFreezer.Of(parts.Heroku, parts.Target.App, parts.Settings.Apps, parts.Settings.OnlyWorkers, memory);
        _envFile = parts.Settings.EnvFile is { } file ? new EnvFilePart(file, runId, _target.UrlAsync, memory) : null;
        Steps = [.. parts.Settings.Rehearsal is null ? Build() : BuildRehearsal()];
    }

    /// <summary>In the order of the plan.</summary>
    public IReadOnlyList<IStep> Steps { get; }

    internal RunLocks Locks { get; }

    /// <summary>Asked before anything is put back that was cut over: whether nothing would be lost.</summary>
    /// <param name="written">The fault when something would be, from what it is.</param>
    internal IReadOnlyList<IStep> StepsBeforeGoingBack(Func<string, Fault> written) =>
    [
        new PauseStep(_apps),
        new CompareStep(_parts.Source, _target.AddressAsync, CompareOptionsAsync, _parts.Settings.Accept, written, _parts.Clock),
    ];

    /// <summary>Apps get the target's URL that are not stopped for the time of the run.</summary>
    internal bool SwitchesRunningApps => !_parts.Settings.Freeze
        || _parts.Settings.ConfigVars.Any(one => one.App != _parts.Target.App && !_parts.Settings.Apps.Contains(one.App));

    /// <summary>What is not as it was before the freeze; only looks.</summary>
    internal Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct) =>
        _parts.Settings.Rehearsal is null ? Steps.OfType<FreezeStep>().Single().FindLeftAsync(ct) : FindRehearsalLeftAsync(ct);

    /// <summary>The apps that were paused go on, on the new database.</summary>
    internal Task GoOnAsync(CancellationToken ct) => _apps.ThawAsync(ct);

    /// <summary>Its undoing destroys what this run made at Heroku, which stays otherwise.</summary>
    internal IUndoableStep DropStep => new MadeStep(Steps.Single(step => step.Name == TargetStep.StepName), "Destroy the database and the app that the run made at Heroku, if it made them", DropAsync);

    /// <summary>Behind this step the applications use the target: nothing is undone by itself any more.</summary>
    public const string PointOfNoReturn = "cutover";

    /// <summary>Before this step nothing is changed that would have to be undone.</summary>
    public const string FirstChange = "freeze";

    public async ValueTask DisposeAsync()
    {
        _link.Dispose();
        if (_moment is not null)
            await _moment.DisposeAsync();
        await Locks.DisposeAsync();
        await _targetLock.DisposeAsync();
    }

    private IEnumerable<IStep> Build()
    {
        var (settings, source, clock, heroku) = (_parts.Settings, _parts.Source, _parts.Clock, _parts.Heroku);
        var app = _parts.Target.App;
        var sourceFreezer = settings.Freeze ? new SourceFreezer(source, settings.FreezeHow == FreezeHow.Revoke, settings.Accept, _memory, clock) : null;
        var wishes = new TargetWishes(settings.CreateApp, settings.Plan, settings.Confirm, AcceptedByTarget(settings.Accept), settings.Clean);
        var restore = new RestoreStep(_target, _link, _memory, DumpMemory.FreezeKey, () => _dump.SizeBytes, settings.Accept, clock);

        yield return new AssessStep(AssessParts(), _memory);
        yield return new BackupStep(settings.HasBackup);
        yield return new TargetStep(_target, wishes, source, SourceBytes, _targetLock, _memory, _made, clock);
        yield return new FreezeStep(_apps, sourceFreezer, _memory, DumpMemory.FreezeKey, RunStory.FrozenAtKey, RunStory.ThawedAtKey, clock);
        yield return new DumpStep(source, _parts.Store, _dump, EngineAsync, Path.Combine(_folder, LeftOutFile.Name), clock);
        yield return new LinkStep(_link, async ct => await restore.FindEvidenceAsync(ct) is not null, clock);
        yield return restore;
        yield return new CarrySettingsStep(source, SettingsTargets.Of(_target), SettingsCommand(), _memory, clock);
        yield return new VerifyStep(source, _target.AddressAsync, new() { Level = VerifyLevels.Of(settings.Verify), Jobs = settings.Jobs },
            ct => ExpectedSchema.ReadAsync(_folder, ct), settings.Accept, Path.Combine(_folder, RunStory.VerdictFile), clock);
        if (settings.AcceptCommand is { } command)
            yield return new AcceptStep(command, _target.UrlAsync, _parts.EnvironmentSecrets, _parts.Processes, clock);
        yield return new SwitchStep([.. SwitchParts()], sourceFreezer is null ? null : sourceFreezer.RequireStillFrozenAsync, _memory, clock);
        yield return new ThawStep(_apps, settings.Freeze, _memory, RunStory.ThawedAtKey, clock);
        yield return new CleanUpStep(_parts.Store, _dump, () => _memory.Recall(AssessStep.StoreMadeKey) is not null, clock);
    }

    private async Task<string?> DropAsync(CancellationToken ct)
    {
        try
        {
            return await _made.RemoveAsync(ct);
        }
        catch (FaultException e)
        {
            throw new FaultException(MigrationFaults.NotDropped(_dump.RunId, _parts.Target.App, e.Fault), e);
        }
    }

    private IEnumerable<ISwitchPart> SwitchParts()
    {
        yield return new PromotePart(_parts.Heroku, _parts.Target.App, _target.RequireAddOnAsync, _memory, RunStory.CutOverKey, RunStory.OrderedKey);
        foreach (var (app, name) in _parts.Settings.ConfigVars)
            yield return new ConfigPart(_parts.Heroku, app, name, _target.UrlAsync, _memory);
        if (_envFile is not null)
            yield return _envFile;
    }

    /// <summary>To paste; an address may hold what a shell would take for its own.</summary>
    private string SettingsCommand()
    {
        var from = _parts.Settings.From;
        return $"godwit settings {(from == "stdin" ? "--from-stdin" : from.IndexOfAny(['&', '?', ' ', '$', '\'']) < 0 ? $"--from {from}" : "--from env:SOURCE_URL")} --to {_parts.Target}";
    }

    /// <summary>What was taken on when it was assessed is not asked again of a target that says the same.</summary>
    private static IReadOnlyList<string> AcceptedByTarget(IReadOnlyList<string> accept) =>
        accept.Contains("assess.extension_needed") ? [.. accept, "load.extensions_refused"] : accept;

    private AssessParts AssessParts() => new()
    {
        Source = _parts.Source,
        Target = AssessTargets.Of(_target),
        Heroku = _parts.Heroku,
        Store = _parts.Store,
        StoreFlags = StoreWords.Flags(_parts.Settings),
        RunId = _dump.RunId,
        EarlierRuns = _parts.EarlierRuns.Where(run => run != _dump.RunId).ToHashSet(StringComparer.Ordinal),
        Wishes = new()
        {
            CreatesStore = _parts.Settings.CreateStore,
            Freezes = _parts.Settings.Freeze,
            Apps = _parts.Settings.Apps,
            LocksOut = _parts.Settings.FreezeHow == FreezeHow.Revoke,
            IsFrozen = FreezeStep.IsSourceLeft(_memory),
            OnlyLooks = _onlyLooks,
            Accept = _parts.Settings.Accept,
            Cleans = _parts.Settings.Clean,
            RoleMap = RoleMap.Parse(_parts.Settings.MapRoles, out _),
            Plan = _parts.Settings.Plan,
            CreatesApp = _parts.Settings.CreateApp,
            MayEmptyTarget = _parts.Settings.Confirm == _parts.Target.App,
            GoesOn = _memory.Recall(TargetStep.ClaimKey) is not null,
            Switch = new()
            {
                ConfigVars = [.. _parts.Settings.ConfigVars],
                EnvFile = _parts.Settings.EnvFile,
                WhyNoEnvFile = () => _envFile?.WhyNot(),
            },
            Jobs = _parts.Settings.Jobs,
            CompressLevel = _parts.Settings.CompressLevel ?? new AssessWishes().CompressLevel,
        },
        FindDumperAsync = AssessTargets.Dumper(_parts.Source, _parts.Tools, _parts.Processes),
        Clock = _parts.Clock,
    };

    private async Task<IDumpEngine> EngineAsync(CancellationToken ct)
    {
        var settings = _parts.Settings;
        var options = new DumpOptions
        {
            Jobs = settings.Jobs,
            CompressLevel = settings.CompressLevel,
            Engine = DumpEngineNames.Kind(settings.Engine),
            // What Heroku does not restore is left out by the cleaning, which lists it.
            HasOwnersAndGrants = settings.Clean,
            Snapshot = _moment?.Id,
            Cleaning = settings.Clean ? await RulesAsync(ct) : null,
        };
        return await DumpEngines.FindAsync(_parts.Source, options, _parts.Tools, _parts.Processes, ct);
    }

    /// <summary>Asked of both sides at every dump.</summary>
    private async Task<CleaningRules> RulesAsync(CancellationToken ct)
    {
        await using var source = await PostgresSession.OpenAsync(_parts.Source, ct);
        await using var target = await PostgresSession.OpenAsync(await _target.AddressAsync(ct), ct);
        return await CleaningRulesFinder.FindAsync(source, target, RoleMap.Parse(_parts.Settings.MapRoles, out _), ct);
    }

    /// <summary>Of two databases with as many rows one may still have been written to.</summary>
    private async Task<VerifyOptions> CompareOptionsAsync(CancellationToken ct) => new()
    {
        Level = VerifyLevels.Of(_parts.Settings.Verify) == VerifyLevel.Rows ? VerifyLevel.Rows : VerifyLevel.Checksums,
        Jobs = _parts.Settings.Jobs,
        Expected = await ExpectedSchema.ReadAsync(_folder, ct),
    };

    private long SourceBytes() => _memory.Recall(AssessStep.SourceBytesKey) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private LinkLife LifeOfLink() => LinkLife.For(
        _dump.SizeBytes, _dump.Took, _memory.Recall(AssessStep.StoreRateKey) is { } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : null);
}
