using Godwit.Copy;
using Godwit.Dump;
using Godwit.Extract.Cleaning;
using Godwit.Pipeline;
using Godwit.Providers;

namespace Godwit.Migration;

/// <summary>From server to server: no archive, no store, and no restore of Heroku's.</summary>
public sealed class DirectRoute : Route
{
    internal DirectRoute(MigrationParts parts, IRunMemory memory, string runId, string folder, bool onlyLooks)
        : base(parts, memory, runId, folder, onlyLooks)
    {
    }

    private protected override IEnumerable<IStep> BringOver()
    {
        var target = new CopyTarget($"{_target.Name}", _target.FindAddressAsync, HoldTargetAsync, EmptyTargetAsync)
        {
            App = _parts.Target.App,
            // A database that is ordered for a rehearsal is nobody's else.
            IsGivenUp = _parts.Settings.Confirm == _parts.Target.App || _parts.Settings.Rehearsal is not null,
            BeginAsync = _guard.BeginAsync,
            FilledAsync = _guard.FilledAsync,
            EndAsync = _guard.EndAsync,
        };
        yield return new CopyStep(_parts.Source, target, CallAsync, Options, _memory, DumpMemory.FreezeKey,
            Path.Combine(_folder, LeftOutFile.Name), _parts.Clock);
    }

    /// <summary>The copy's own ledger goes with its end, and nothing else was put anywhere.</summary>
    private protected override IEnumerable<IStep> CleanUp() => [];

    /// <summary>A copy ends at the first statement that is refused: better before the freeze than behind it.</summary>
    private protected override IReadOnlyList<string> AcceptedByTarget(IReadOnlyList<string> accept) =>
        [.. WithRows(accept).Where(code => code != "load.extensions_refused")];

    private protected override Task<IReadOnlyList<string>> FindBroughtLeftAsync(CancellationToken ct) =>
        Steps.OfType<CopyStep>().Single().FindLeftAsync(ct);

    /// <summary>Whoever empties a database at Heroku ends all sessions there, also the one of the lock.</summary>
    private async Task EmptyTargetAsync(CancellationToken ct)
    {
        await _target.EmptyAsync(ct);
        await HoldTargetAsync(ct);
    }

    private CopyOptions Options()
    {
        var settings = _parts.Settings;
        return new()
        {
            Fill = new()
            {
                Jobs = settings.Jobs,
                MappedRoles = settings.Clean ? RoleMap.Parse(settings.MapRoles, out _) : null,
                LeftOutFile = Path.Combine(_folder, LeftOutFile.Name),
            },
            // What is not the one owner's of the target is left out by the cleaning, which lists it.
            HasOwnersAndGrants = settings.Clean,
            Snapshot = Snapshot,
            IsFrozen = settings.Freeze,
        };
    }
}
