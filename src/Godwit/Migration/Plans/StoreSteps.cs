using Godwit.Assess;
using Godwit.Copy;
using Godwit.Copy.Archive;
using Godwit.Dump;
using Godwit.Extract.Cleaning;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.Migration.Plans;

/// <summary>The steps that bring the contents over through a store.</summary>
internal sealed class StoreSteps
{
    private readonly RunContext _run;
    private readonly IObjectStore _store;
    private readonly DumpMemory _dump;

    // Lets Heroku fetch the dump; null: Godwit restores it.
    private readonly RestoreLink? _link;

    public StoreSteps(RunContext run)
    {
        _run = run;
        _store = run.Parts.Store ?? throw new ArgumentException("This route needs a store.", nameof(run));
        _dump = new DumpMemory(run.Memory, run.RunId, RunStory.DumpBytesKey);
        _link = run.Heroku is null ? null
            : run.Own(new RestoreLink(_store, _dump.Key, LifeOfLink, run.Parts.HerokuIsHere, run.Clock));
    }

    /// <summary>Heroku restores without rights and statistics, so steps for these follow. Godwit restores any other
    /// target.</summary>
    public IEnumerable<IStep> BringOver()
    {
        yield return Dump();
        if (_run.Heroku is not { } target || _link is null)
        {
            yield return OwnRestore();
            yield break;
        }

        var restore = new RestoreStep(target, _link, _run.Memory, DumpMemory.FreezeKey, () => _dump.SizeBytes,
            _run.Settings.Accept.Codes, _run.Guard, _run.Clock);
        yield return new LinkStep(_link, async ct => await restore.FindEvidenceAsync(ct) is not null, _run.Clock);
        yield return restore;
        if (_run.Settings.Clean.IsOn)
            yield return new RightsStep(_run.Target, _run.Folder, _run.Clock);
        yield return new AnalyzeStep(_run.Target, _run.Settings.Jobs, _run.Memory, _run.Clock);
    }

    /// <summary>Analyzes the tables that the downtime left out.</summary>
    public IEnumerable<IStep> AnalyzeRest() => _run.Heroku is null ? [] :
        [new AnalyzeRestStep(_run.Target, _run.Memory, _run.Clock)];

    public CleanUpStep CleanUp() =>
        new(_store, _dump, () => _run.Memory.Recall(AssessStep.StoreMadeKey) is not null, _run.Clock);

    private DumpStep Dump() => new(_run.Source, _store, _dump, EngineAsync, _run.LeftOutFile, _run.Clock);

    // The dump no longer has what the target would refuse.
    private CopyStep OwnRestore() => CommonSteps.Fill(_run, new ArchiveFilling("the dump",
        ct => StoredArchive.OpenAsync(_store, _dump.Key, _run.Clock, ct),
        new() { Jobs = _run.Settings.Jobs, MappedRoles = _run.Settings.Clean.RolesIfOn }, _run.Clock));

    private async Task<IDumpEngine> EngineAsync(CancellationToken ct)
    {
        var settings = _run.Settings;
        var options = new DumpOptions
        {
            Jobs = settings.Jobs,
            Compression = DumpCompression.OfLevel(settings.Dump.CompressLevel),
            Engine = settings.Dump.Engine,
            // The cleaning leaves out, and lists, what Heroku does not restore.
            HasOwnersAndGrants = settings.Clean.IsOn,
            Snapshot = _run.Snapshot,
            Cleaning = settings.Clean.IsOn ? await RulesAsync(ct) : null,
        };
        return await DumpEngines.FindAsync(_run.Source, options, _run.Parts.Tools, _run.Parts.Processes, ct);
    }

    // Every dump asks both sides again.
    private async Task<CleaningRules> RulesAsync(CancellationToken ct)
    {
        await using var source = await PostgresSession.OpenAsync(_run.Source, ct);
        await using var target = await PostgresSession.OpenAsync(await _run.Target.AddressAsync(ct), ct);
        return await CleaningRulesFinder.FindAsync(source, target, _run.Settings.Clean.Roles, ct);
    }

    private LinkLife LifeOfLink() => LinkLife.For(
        _dump.SizeBytes, _dump.Took,
        _run.Memory.Recall(AssessStep.StoreRateKey));
}
