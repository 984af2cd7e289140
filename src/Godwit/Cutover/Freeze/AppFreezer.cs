using System.Globalization;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Freeze;

/// <summary>Takes one Heroku app out of service: maintenance on, dynos to 0. Puts back the very quantities, sizes and
/// the mode that were.</summary>
/// <param name="isTargets">The app of the target: what is remembered of it has the names it had when there was no other
/// app.</param>
/// <param name="onlyWorkers">Leaves the web dynos, which maintenance keeps requests from.</param>
public sealed class AppFreezer(
    HerokuClient heroku, string app, IRunMemory memory, bool isTargets = true, bool onlyWorkers = false)
{
    private const string Web = "web";

    /// <summary>Runs during releases only; its quantity has no meaning.</summary>
    private const string Release = "release";

    internal const string Prefix = "freeze.app.";
    internal const string Maintenance = "maintenance";
    private const string On = "on";
    private const string Off = "off";

    private readonly RunKey<string> _maintenanceKey =
        RunKey.Text(isTargets ? Prefix + Maintenance : $"{Prefix}{app}.{Maintenance}");
    private readonly RunKey<string> _formationKey =
        RunKey.Text(isTargets ? Prefix + "formation" : $"{Prefix}{app}.formation");

    public string Name => app;

    /// <summary>It was taken out of service, or was about to be, and not all of that is put back yet. As the memory has
    /// it, without a look at Heroku.</summary>
    public bool IsLeft => memory.Recall(_maintenanceKey) is not null;

    /// <summary>Before the run: what would be stopped, as a clause.</summary>
    public async Task<string> FindNowAsync(CancellationToken ct)
    {
        if (await heroku.FindAppAsync(app, ct) is not { } found)
            return "it is not there yet";
        var running = (await RunningAsync(ct)).Select(one => new HerokuScale(one.Type, one.Quantity)).ToList();
        var what = running.Count == 0
            ? "nothing to stop runs now"
            : $"it runs {Said(running)} now, which would be stopped";
        return $"{what}; maintenance is {(found.Maintenance ? On : Off)}";
    }

    public async Task<bool> IsFrozenAsync(CancellationToken ct) =>
        memory.Recall(_maintenanceKey) is not null
        && (await heroku.GetAppAsync(app, ct)).Maintenance
        && (await RunningAsync(ct)).Count == 0;

    /// <summary>Remembers what is, then keeps requests from it. Its dynos run on until
    /// <see cref="StopAsync"/>.</summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        // After a crash the app may be frozen by us already: what was before us is only remembered once.
        if (memory.Recall(_maintenanceKey) is null)
        {
            memory.Remember(_formationKey, Write(await RunningAsync(ct)));
            memory.Remember(_maintenanceKey, (await heroku.GetAppAsync(app, ct)).Maintenance ? On : Off);
        }

        await heroku.SetMaintenanceAsync(app, on: true, ct);
    }

    /// <returns>What was stopped, e.g. <c>web=1 worker=2</c>; empty when nothing ran.</returns>
    public async Task<string> StopAsync(CancellationToken ct)
    {
        var running = await RunningAsync(ct);
        if (running.Count > 0)
            await heroku.ScaleAsync(app, [.. running.Select(process => new HerokuScale(process.Type, 0))], ct);
        return Said(Read(memory.Recall(_formationKey) ?? ""));
    }

    /// <summary>Dynos that somebody started by hand, or a scheduler: no quantity stops them, and they know the
    /// database's URL.</summary>
    public async Task<IReadOnlyList<HerokuDyno>> OneOffsAsync(CancellationToken ct)
    {
        var types = (await heroku.GetFormationAsync(app, ct))
            .Select(process => process.Type).ToHashSet(StringComparer.Ordinal);
        return [.. (await heroku.ListDynosAsync(app, ct))
            .Where(dyno => !types.Contains(dyno.Type) && dyno.Type != Release && !dyno.HasEnded)];
    }

    /// <summary>What is not as it was, and would be put back: clauses. Changes nothing.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken ct)
    {
        if (memory.Recall(_maintenanceKey) is not { } maintenance
            || await heroku.FindAppAsync(app, ct) is not { } found)
            return [];
        var now = await heroku.GetFormationAsync(app, ct);
        var fewer = Read(memory.Recall(_formationKey) ?? "")
            .Where(one => now.Any(process => process.Type == one.Type && process.Quantity != one.Quantity)).ToList();
        var left = new List<string>();
        if (found.Maintenance && maintenance == Off)
            left.Add($"{app} is in maintenance");
        var has = fewer.Select(one =>
            one with { Quantity = now.First(process => process.Type == one.Type).Quantity });
        if (fewer.Count > 0)
            left.Add($"{app} ran {Said(fewer)}, and has {Said([.. has])}");
        return left;
    }

    /// <returns>What was put back; null when there was nothing.</returns>
    public async Task<string?> ThawAsync(CancellationToken ct)
    {
        if (memory.Recall(_maintenanceKey) is not { } maintenance)
            return null;
        var said = await heroku.FindAppAsync(app, ct) is { } found ? await PutBackAsync(found.Maintenance, maintenance,
            ct) : $"{app} does not exist any more";
        memory.Remember(_formationKey, null);
        memory.Remember(_maintenanceKey, null);
        return said;
    }

    private async Task<string> PutBackAsync(bool isInMaintenance, string maintenance, CancellationToken ct)
    {
        var before = Read(memory.Recall(_formationKey) ?? "");
        var now = await heroku.GetFormationAsync(app, ct);
        // A deployment meanwhile may have brought other process types. Heroku keeps a size over 0; only what differs
        // is said to it.
        var there = before.Where(one => now.Any(process => process.Type == one.Type)).ToList();
        var scales = there.Select(one => (Wanted: one, Is: now.First(process => process.Type == one.Type)))
            .Where(pair => (pair.Wanted.Quantity, pair.Wanted.Size ?? pair.Is.Size) != (pair.Is.Quantity, pair.Is.Size))
            .Select(pair => pair.Wanted with { Size = pair.Wanted.Size == pair.Is.Size ? null : pair.Wanted.Size })
            .ToList();
        if (scales.Count > 0)
            await heroku.ScaleAsync(app, scales, ct);
        if (maintenance == Off && isInMaintenance)
            await heroku.SetMaintenanceAsync(app, on: false, ct);
        var gone = before.Except(there).Select(one => one.Type).ToList();
        return $"{app}: {(there.Count > 0 ? Said(there) + ", " : "")}maintenance {maintenance}"
            + (gone.Count > 0 ? $" (it has no process type {string.Join(", ", gone)} any more)" : "");
    }

    private async Task<IReadOnlyList<HerokuProcess>> RunningAsync(CancellationToken ct) =>
        [.. (await heroku.GetFormationAsync(app, ct))
            .Where(process => process.Quantity > 0 && process.Type != Release && !(onlyWorkers && process.Type == Web))
            .OrderBy(process => process.Type, StringComparer.Ordinal)];

    private static string Said(IReadOnlyList<HerokuScale> scales) =>
        string.Join(' ', scales.Select(one => $"{one.Type}={one.Quantity.ToString(CultureInfo.InvariantCulture)}"));

    // worker=2:Standard-1X; runs of an older Godwit wrote no sizes.
    private static string Write(IEnumerable<HerokuProcess> processes) => string.Join(' ', processes.Select(process =>
        $"{process.Type}={process.Quantity.ToString(CultureInfo.InvariantCulture)}"
            + (process.Size is null ? "" : ":" + process.Size)));

    private static IReadOnlyList<HerokuScale> Read(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', ':'))
            .Select(parts => new HerokuScale(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture),
                parts.ElementAtOrDefault(2)))];
}
