using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Trouble;
using Npgsql;

namespace Godwit.HerokuLocal.Platform;

/// <summary>Creates databases in the background, as Heroku does. The config var and the release appear only when the
/// database is ready.</summary>
internal sealed class Provisioner(
    LocalStore store, DatabaseServer databases, FaultSimulator trouble, Background background, TimeSpan takes,
    TimeProvider clock)
{
    public void Begin(AddonState addon) => background.Run(ct => ProvisionAsync(addon, ct));

    /// <summary>Restarts creations that a killed server left half-done.</summary>
    public void ResumeAll()
    {
        foreach (var addon in store.Read(s => s.Addons.Where(a => a.State == AddonState.Provisioning).ToList()))
            Begin(addon);
    }

    private async Task ProvisionAsync(AddonState addon, CancellationToken ct)
    {
        await Task.Delay(trouble.Take("addon", "slow")?.Delay ?? takes, clock, ct);
        var succeeded = trouble.Take("addon", "deprovisions") is null && await CreateAsync(addon, ct);
        var wasDestroyed = store.Change(state =>
        {
            if (!state.Addons.Contains(addon))
                return true;
            addon.State = succeeded ? AddonState.Provisioned : AddonState.Deprovisioned;
            addon.UpdatedAt = clock.GetUtcNow();
            if (succeeded && state.Attachments.Find(a => a.Id == addon.FirstAttachment) is { } attachment)
                state.AppOf(addon).AddRelease($"Attach {attachment.Name} (@ref:{addon.Name})", clock.GetUtcNow());
            return false;
        });
        if (wasDestroyed)
            await databases.DropAsync(addon, ct);
    }

    // False: PostgreSQL refused; the add-on then fails like one at Heroku.
    private async Task<bool> CreateAsync(AddonState addon, CancellationToken ct)
    {
        try
        {
            await databases.CreateAsync(addon, Plan.Of(addon.Plan), ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
