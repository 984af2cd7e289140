using Godwit.Faults;

namespace Godwit.Heroku;

public sealed class HerokuProvisioning(HerokuClient heroku)
{
    private static readonly HerokuWaitStatus NotYet = new(Waiting: true, Message: "not provisioned yet");

    /// <summary>Waits until the add-on is provisioned and its database is ready.</summary>
    /// <param name="limit">The longest wait for both together. Essential plans take seconds to minutes, large ones up
    /// to an hour.</param>
    /// <param name="progress">Receives Heroku's own state after every read.</param>
    /// <returns>With its config vars.</returns>
    /// <exception cref="FaultException"><c>heroku.provisioning_failed</c>, <c>heroku.provisioning_slow</c>.</exception>
    public async Task<HerokuAddon> WaitProvisionedAsync(
        string app, string addon, TimeSpan limit, IProgress<string>? progress, CancellationToken ct)
    {
        var watch = new Watch(heroku, $"the database {addon}", heroku.Options.ProvisionInterval, limit,
            state => HerokuFaults.ProvisioningSlow(addon, app, limit, state));
        var made = await watch.UntilAsync(() => heroku.FindAddonAsync(app, addon, ct),
            one => one.State != "provisioning", one => one.State, one => progress?.Report(one.State), ct);
        if (!made.IsProvisioned)
            throw new FaultException(HerokuFaults.ProvisioningFailed(addon, app,
                $"Heroku says it is '{Redactor.Clean(made.State)}'"));
        await WaitReadyAsync(watch, app, made, progress, ct);
        return made;
    }

    /// <summary>Waits until an existing database is no longer busy: after a reset, or before a promotion.</summary>
    public Task WaitReadyAsync(
        string app, HerokuAddon addon, TimeSpan limit, IProgress<string>? progress, CancellationToken ct) =>
        WaitReadyAsync(
            new Watch(heroku, $"the database {addon.Name}", heroku.Options.ProvisionInterval, limit,
                state => HerokuFaults.ProvisioningSlow(addon.Name, app, limit, state)),
            app, addon, progress, ct);

    private async Task WaitReadyAsync(
        Watch watch, string app, HerokuAddon addon, IProgress<string>? progress, CancellationToken ct)
    {
        // Here a missing database is a state and not a failed read: it may last until the limit.
        var status = await watch.UntilAsync<HerokuWaitStatus>(
            async () => await heroku.FindWaitStatusAsync(addon.Id, ct) ?? NotYet,
            one => one.Error || !one.Waiting, Word, one => progress?.Report(Word(one)), ct);
        if (status.Error)
            throw new FaultException(HerokuFaults.ProvisioningFailed(addon.Name, app, $"Heroku says: {Word(status)}"));
    }

    private static string Word(HerokuWaitStatus status) =>
        Redactor.Clean(status.Message ?? (status.Waiting ? "waiting" : "available"));
}
