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

/// <summary>What brings the contents over through a store.</summary>
internal sealed class StoreSteps
{
    private readonly RunContext _run;
    private readonly IObjectStore _store;
    private readonly DumpMemory _dump;

    /// <summary>For Heroku to fetch the dump; null where Godwit restores it.</summary>
    private readonly RestoreLink? _link;

    public StoreSteps(RunContext run)
    {
        _run = run;
        _store = run.Parts.Store ?? throw new ArgumentException("This route needs a store.", nameof(run));
        _dump = new DumpMemory(run.Memory, run.RunId, RunStory.DumpBytesKey);
        _link = run.Heroku is null ? null
            : run.Own(new RestoreLink(_store, _dump.Key, LifeOfLink, run.Parts.HerokuIsHere, run.Clock));
    }

    /// <summary>Heroku restores by itself, without rights and statistics. Where it is not the target, Godwit
    /// restores.</summary>
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
            yield return new RightsStep(_run.Target.Title, _run.Target.AddressAsync, _run.Folder, _run.Clock);
        yield return new AnalyzeStep(_run.Target.AddressAsync, _run.Target.Title, _run.Settings.Jobs,
            _run.Memory, _run.Clock);
    }

    /// <summary>What the tables that were analyzed in the downtime have left.</summary>
    public IEnumerable<IStep> AnalyzeRest() => _run.Heroku is null ? [] :
        [new AnalyzeRestStep(_run.Target.AddressAsync, _run.Target.Title, _run.Memory, _run.Clock)];

    public CleanUpStep CleanUp() =>
        new(_store, _dump, () => _run.Memory.Recall(AssessStep.StoreMadeKey) is not null, _run.Clock);

    private DumpStep Dump() => new(_run.Source, _store, _dump, EngineAsync, _run.LeftOutFile, _run.Clock);

    /// <summary>What the target would refuse is not in the dump any more.</summary>
    private CopyStep OwnRestore() => FillingStep.Of(_run, new ArchiveFilling("the dump",
        ct => StoredArchive.OpenAsync(_store, _dump.Key, _run.Clock, ct),
        new() { Jobs = _run.Settings.Jobs, MappedRoles = _run.Settings.Clean.RolesIfOn }, _run.Clock));

    private async Task<IDumpEngine> EngineAsync(CancellationToken ct)
    {
        var settings = _run.Settings;
        var options = new DumpOptions
        {
            Jobs = settings.Jobs,
            CompressLevel = settings.Dump.CompressLevel,
            Engine = settings.Dump.Engine,
            // What Heroku does not restore is left out by the cleaning, which lists it.
            HasOwnersAndGrants = settings.Clean.IsOn,
            Snapshot = _run.Snapshot,
            Cleaning = settings.Clean.IsOn ? await RulesAsync(ct) : null,
        };
        return await DumpEngines.FindAsync(_run.Source, options, _run.Parts.Tools, _run.Parts.Processes, ct);
    }

    /// <summary>Asked of both sides at every dump.</summary>
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
