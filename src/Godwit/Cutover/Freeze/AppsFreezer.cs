using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Freeze;

/// <summary>Every app that writes to the source. First all are closed to visitors, then their dynos stop: no app calls
/// another that is half gone.</summary>
/// <param name="more">Apps that are stopped for a look before the way back alone, and started again by it.</param>
public sealed class AppsFreezer(
    IReadOnlyList<AppFreezer> apps, bool onlyWorkers = false, IReadOnlyList<AppFreezer>? more = null)
{
    private readonly IReadOnlyList<AppFreezer> _all = [.. apps, .. more ?? []];

    /// <param name="heroku">Null: no app is named.</param>
    /// <param name="target">The target's app, which always writes; null: it has none.</param>
    /// <param name="others">Others that do; named twice is named once.</param>
    /// <param name="switched">Apps that get the target in the cut-over, stopped before or not.</param>
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

    /// <summary>With those that may write into the target although the run did not stop them.</summary>
    public AppsFreezer WithSwitched => new(_all, onlyWorkers);

    /// <summary>For people: <c>shop, shop-mailer</c>.</summary>
    public string Names => string.Join(", ", apps.Select(app => app.Name));

    public int Count => apps.Count;

    /// <summary>Part of a sentence that is not there without apps.</summary>
    internal string Clause(string clause) => apps.Count == 0 ? "" : clause;

    /// <summary>Of one of them at least.</summary>
    public bool IsLeft => _all.Any(app => app.IsLeft);

    public IEnumerable<string> NamesOfLeft => _all.Where(app => app.IsLeft).Select(app => app.Name);

    /// <summary>What is brought to 0.</summary>
    public string What => onlyWorkers ? "workers" : "dynos";

    /// <summary>Before the run: what would be stopped.</summary>
    public async Task<IReadOnlyList<Foreseen>> ForeseeAsync(CancellationToken ct)
    {
        var now = new List<Foreseen>();
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

    /// <returns>What was stopped, app by app.</returns>
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

    /// <summary>What is not as it was, and would be put back: clauses. Changes nothing.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct)
    {
        var left = new List<string>();
        foreach (var app in _all)
            left.AddRange(await app.FindLeftAsync(ct));
        return left;
    }

    /// <summary>One that cannot be put back does not keep the others from it.</summary>
    /// <param name="except">These stay as they are.</param>
    /// <returns>What was put back; null when there was nothing.</returns>
    /// <exception cref="FaultException">Of the first that could not be.</exception>
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
/// <param name="OneOffs">Dynos that run on.</param>
public sealed record AppsFrozen(string Stopped, IReadOnlyList<(string App, HerokuDyno Dyno)> OneOffs);
