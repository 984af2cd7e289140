using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Freeze;

/// <summary>Freezes all apps that write to the source: all enter maintenance before any dyno stops, so that no app
/// calls a stopped one for a visitor.</summary>
/// <param name="more">Further apps that a rollback stops before it compares, and starts again.</param>
public sealed class AppsFreezer(
    IReadOnlyList<AppFreezer> apps, bool onlyWorkers = false, IReadOnlyList<AppFreezer>? more = null)
{
    private readonly IReadOnlyList<AppFreezer> _all = [.. apps, .. more ?? []];

    /// <param name="heroku">Null: no app is named.</param>
    /// <param name="target">The target's app, which always writes; null: none.</param>
    /// <param name="others">Other apps that write; may repeat names.</param>
    /// <param name="switched">Apps that the cut-over points at the target, stopped before or not.</param>
    public static AppsFreezer Of(
        HerokuClient? heroku, string? target, IReadOnlyList<string> others, bool onlyWorkers, IRunMemory memory,
        IEnumerable<string>? switched = null)
    {
        return new(
            [
                .. target is null ? []
                    : (AppFreezer[])[new AppFreezer(heroku!, target, memory, isTargets: true, onlyWorkers)],
                .. Other(others),
            ],
            onlyWorkers, [.. Other((switched ?? []).Except(others, StringComparer.Ordinal))]);

        IEnumerable<AppFreezer> Other(IEnumerable<string> names) =>
            names.Where(app => app != target).Distinct(StringComparer.Ordinal)
                .Select(app => new AppFreezer(heroku!, app, memory, isTargets: false, onlyWorkers));
    }

    /// <summary>Includes apps that the run did not stop but that may write to the target.</summary>
    public AppsFreezer WithSwitched => new(_all, onlyWorkers);

    /// <summary>For people: <c>shop, shop-mailer</c>.</summary>
    public string Names => string.Join(", ", apps.Select(app => app.Name));

    public int Count => apps.Count;

    internal string Clause(string clause) => apps.Count == 0 ? "" : clause;

    /// <summary>At least one app is not restored.</summary>
    public bool IsLeft => _all.Any(app => app.IsLeft);

    public IEnumerable<string> NamesOfLeft => _all.Where(app => app.IsLeft).Select(app => app.Name);

    /// <summary>The dynos that are scaled to 0.</summary>
    public string What => onlyWorkers ? "workers" : "dynos";

    public async Task<IReadOnlyList<StepPreview>> PreviewAsync(CancellationToken ct)
    {
        var now = new List<StepPreview>();
        foreach (var app in apps)
            now.Add(new(app.Name, await app.FindNowAsync(ct)));
        return now;
    }

    public async Task<bool> IsFrozenAsync(CancellationToken ct)
    {
        foreach (var app in apps)
        {
            if (!await app.IsFrozenAsync(ct))
                return false;
        }

        return true;
    }

    public async Task<AppsFrozen> FreezeAsync(CancellationToken ct)
    {
        foreach (var app in apps)
            await app.CloseAsync(ct);
        var stopped = new List<string>();
        foreach (var app in apps)
            stopped.Add(await app.StopAsync(ct) is { Length: > 0 } what ? $"{app.Name} ({what})" : app.Name);
        var oneOffs = new List<(string App, HerokuDyno Dyno)>();
        foreach (var app in apps)
            oneOffs.AddRange((await app.OneOffsAsync(ct)).Select(dyno => (app.Name, dyno)));
        return new(string.Join(", ", stopped), oneOffs);
    }

    /// <summary>What <see cref="ThawAsync"/> would restore now: clauses.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct)
    {
        var left = new List<string>();
        foreach (var app in _all)
            left.AddRange(await app.FindLeftAsync(ct));
        return left;
    }

    /// <summary>An app that cannot be restored does not stop the others.</summary>
    /// <param name="except">Apps that stay as they are.</param>
    /// <returns>What was restored; null: nothing.</returns>
    public async Task<string?> ThawAsync(CancellationToken ct, IReadOnlyList<string>? except = null)
    {
        var said = new List<string>();
        FaultException? failed = null;
        foreach (var app in _all.Where(app => except?.Contains(app.Name) != true))
        {
            try
            {
                if (await app.ThawAsync(ct) is { } putBack)
                    said.Add(putBack);
            }
            catch (FaultException e)
            {
                failed ??= e;
            }
        }

        return failed is not null ? throw failed : said.Count > 0 ? string.Join("; ", said) : null;
    }
}

/// <param name="Stopped">For people: <c>shop (web=1 worker=2), shop-mailer</c>.</param>
/// <param name="OneOffs">One-off dynos, which still run.</param>
public sealed record AppsFrozen(string Stopped, IReadOnlyList<(string App, HerokuDyno Dyno)> OneOffs);
