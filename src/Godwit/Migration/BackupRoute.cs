using System.Globalization;
using Godwit.Assess;
using Godwit.Dump;
using Godwit.Extract.Cleaning;
using Godwit.Load;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Storage;

namespace Godwit.Migration;

/// <summary>The route of Heroku's guides: source → archive in a store → signed link → Heroku's restore.</summary>
public sealed class BackupRoute : Route
{
    private readonly IObjectStore _store;
    private readonly DumpMemory _dump;
    private readonly RestoreLink _link;

    internal BackupRoute(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks)
        : base(parts, memory, runId, folder, onlyLooks)
    {
        _store = parts.Store ?? throw new ArgumentException("This route needs a store.", nameof(parts));
        _dump = new DumpMemory(memory, runId);
        _link = new RestoreLink(_store, _dump.Key, LifeOfLink, parts.HerokuIsHere, parts.Clock);
    }

    public override ValueTask DisposeAsync()
    {
        _link.Dispose();
        return base.DisposeAsync();
    }

    private protected override IEnumerable<IStep> BringOver()
    {
        var restore = new RestoreStep(_target, _link, _memory, DumpMemory.FreezeKey, () => _dump.SizeBytes,
            _parts.Settings.Accept, _guard, _parts.Clock);
        yield return new DumpStep(_parts.Source, _store, _dump, EngineAsync,
            Path.Combine(_folder, LeftOutFile.Name), _parts.Clock);
        yield return new LinkStep(_link, async ct => await restore.FindEvidenceAsync(ct) is not null, _parts.Clock);
        yield return restore;
        if (_parts.Settings.Clean)
            yield return new RightsStep($"{_target.Name}", _target.AddressAsync, _folder, _parts.Clock);
        yield return new AnalyzeStep(_target.AddressAsync, $"{_target.Name}", _parts.Settings.Jobs,
            _memory, _parts.Clock);
    }

    /// <summary>Heroku's restore goes on without what was taken on.</summary>
    private protected override IReadOnlyList<string> AcceptedByTarget(IReadOnlyList<string> accept) =>
        accept.Contains("assess.extension_needed")
            ? [.. WithRows(accept), "load.extensions_refused"] : WithRows(accept);

    private protected override IEnumerable<IStep> CleanUp()
    {
        if (!IsRehearsal)
            yield return new AnalyzeRestStep(_target.AddressAsync, $"{_target.Name}", _memory, _parts.Clock);
        yield return new CleanUpStep(_store, _dump,
            () => _memory.Recall(AssessStep.StoreMadeKey) is not null, _parts.Clock);
    }

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
            Snapshot = Snapshot,
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

    private LinkLife LifeOfLink() => LinkLife.For(
        _dump.SizeBytes, _dump.Took,
        _memory.Recall(AssessStep.StoreRateKey) is { } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : null);
}
