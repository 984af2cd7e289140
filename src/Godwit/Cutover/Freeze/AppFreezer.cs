using System.Globalization;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Freeze;

/// <summary>Turns on an app's maintenance and scales its dynos to 0. Restores the former quantities, sizes and
/// maintenance mode.</summary>
/// <param name="isTargets">The app owns the target. Its keys carry no app name, as in older journals.</param>
/// <param name="onlyWorkers">Does not scale web dynos: maintenance mode keeps requests from them.</param>
public sealed class AppFreezer(
    HerokuClient heroku, string app, IRunMemory memory, bool isTargets = true, bool onlyWorkers = false)
{
    private const string Web = "web";

    // A process type that runs only during releases, whatever its quantity.
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

    /// <summary>True from just before maintenance starts until the app is restored. Read from the memory, not from
    /// Heroku.</summary>
    public bool IsLeft => memory.Recall(_maintenanceKey) is not null;

    /// <summary>A clause on what the freeze would stop.</summary>
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

    /// <summary>Remembers the state, then turns on maintenance. Dynos run until <see cref="StopAsync"/>.</summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        // After a crash the app may already be frozen: the former state is remembered only once.
        if (memory.Recall(_maintenanceKey) is null)
        {
            memory.Remember(_formationKey, Write(await RunningAsync(ct)));
            memory.Remember(_maintenanceKey, (await heroku.GetAppAsync(app, ct)).Maintenance ? On : Off);
        }

        await heroku.SetMaintenanceAsync(app, on: true, ct);
    }

    /// <returns>What was stopped, e.g. <c>web=1 worker=2</c>; empty: nothing.</returns>
    public async Task<string> StopAsync(CancellationToken ct)
    {
        var running = await RunningAsync(ct);
        if (running.Count > 0)
            await heroku.ScaleAsync(app, [.. running.Select(process => new HerokuScale(process.Type, 0))], ct);
        return Said(Read(memory.Recall(_formationKey) ?? ""));
    }

    /// <summary>Dynos started by hand or by a scheduler. Scaling does not stop them; they have the database's
    /// URL.</summary>
    public async Task<IReadOnlyList<HerokuDyno>> OneOffsAsync(CancellationToken ct)
    {
        var types = (await heroku.GetFormationAsync(app, ct))
            .Select(process => process.Type).ToHashSet(StringComparer.Ordinal);
        return [.. (await heroku.ListDynosAsync(app, ct))
            .Where(dyno => !types.Contains(dyno.Type) && dyno.Type != Release && !dyno.HasEnded)];
    }

    /// <summary>What <see cref="ThawAsync"/> would restore now: clauses. Changes nothing.</summary>
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

    /// <returns>What was restored; null: nothing.</returns>
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
        // A deployment meanwhile may have changed the process types. Heroku keeps a dyno's size when it scales up, so
        // only differences are sent.
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
