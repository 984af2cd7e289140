using System.Globalization;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover;

/// <summary>Takes a Heroku app out of service: maintenance on, workers to 0. Puts back the very quantities and the mode that were.</summary>
public sealed class AppFreezer(HerokuClient heroku, string app, IRunMemory memory)
{
    /// <summary>Maintenance mode already keeps requests from it.</summary>
    private const string Web = "web";

    /// <summary>Runs during releases only; its quantity has no meaning.</summary>
    private const string Release = "release";

    internal const string MaintenanceKey = "freeze.app.maintenance";
    private const string FormationKey = "freeze.app.formation";
    private const string On = "on";
    private const string Off = "off";

    public async Task<bool> IsFrozenAsync(CancellationToken ct) =>
        memory.Recall(MaintenanceKey) is not null
        && (await heroku.GetAppAsync(app, ct)).Maintenance
        && (await WorkersAsync(ct)).Count == 0;

    /// <returns>What was stopped, e.g. <c>worker=2 clock=1</c>; empty when nothing ran.</returns>
    public async Task<string> FreezeAsync(CancellationToken ct)
    {
        var workers = await WorkersAsync(ct);
        // After a crash the app may be frozen by us already: what was before us is only remembered once.
        if (memory.Recall(MaintenanceKey) is null)
        {
            memory.Remember(FormationKey, Write(workers));
            memory.Remember(MaintenanceKey, (await heroku.GetAppAsync(app, ct)).Maintenance ? On : Off);
        }

        await heroku.SetMaintenanceAsync(app, on: true, ct);
        if (workers.Count > 0)
            await heroku.ScaleAsync(app, [.. workers.Select(process => new HerokuScale(process.Type, 0))], ct);
        return memory.Recall(FormationKey) ?? "";
    }

    /// <returns>What was put back; null when there was nothing.</returns>
    public async Task<string?> ThawAsync(CancellationToken ct)
    {
        if (memory.Recall(MaintenanceKey) is not { } maintenance)
            return null;
        var workers = Read(memory.Recall(FormationKey) ?? "");
        if (workers.Count > 0)
            await heroku.ScaleAsync(app, workers, ct);
        if (maintenance == Off)
            await heroku.SetMaintenanceAsync(app, on: false, ct);
        var said = $"{app}: {(workers.Count > 0 ? string.Join(' ', workers.Select(one => $"{one.Type}={one.Quantity}")) + ", " : "")}maintenance {maintenance}";
        memory.Remember(FormationKey, null);
        memory.Remember(MaintenanceKey, null);
        return said;
    }

    private async Task<IReadOnlyList<HerokuProcess>> WorkersAsync(CancellationToken ct) =>
        [.. (await heroku.GetFormationAsync(app, ct)).Where(process => process is { Quantity: > 0, Type: not (Web or Release) })];

    private static string Write(IEnumerable<HerokuProcess> workers) =>
        string.Join(' ', workers.Select(process => $"{process.Type}={process.Quantity.ToString(CultureInfo.InvariantCulture)}"));

    private static IReadOnlyList<HerokuScale> Read(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('='))
            .Select(parts => new HerokuScale(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)))];
}
