// Settings: what was set for the source database with ALTER DATABASE … SET, which no dump carries.
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Settings;

/// <summary>Sets at the target what the source's database has set for all its sessions, where an ordinary owner may; reports the rest.</summary>
public sealed class CarrySettingsStep(
    PostgresAddress source, Func<CancellationToken, Task<PostgresAddress>> target, TimeProvider clock) : IStep
{
    /// <summary>Godwit's own freeze, not a habit of the application.</summary>
    private const string Freeze = "default_transaction_read_only";

    public string Name => "settings";

    public string Intent => "Carry over what ALTER DATABASE … SET has set at the source";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct)
    {
        await using var right = await PostgresSession.OpenAsync(await target(ct), ct);
        var wanted = await WantedAsync(ct);
        var there = await ServerCatalog.DatabaseSettingsAsync(right, ct);
        return wanted.Count > 0 && wanted.All(there.Contains) ? Proof(wanted.Count, wanted.Count) : null;
    }

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        await using var right = await PostgresSession.OpenAsync(await target(ct), ct);
        var wanted = await WantedAsync(ct);
        var there = await ServerCatalog.DatabaseSettingsAsync(right, ct);
        var carried = 0;
        foreach (var (name, value) in wanted)
        {
            if (there.Contains((name, value)) || await CarryAsync(right, name, value, progress, ct))
                carried++;
        }

        return Proof(carried, wanted.Count);
    }

    private async Task<bool> CarryAsync(PostgresSession right, string name, string value, IProgress<StepEvent> progress, CancellationToken ct)
    {
        // A session may set it, so its owner may set it for the database; a dotted name nobody defines is the application's own.
        var context = await right.ScalarAsync<string>("SELECT context FROM pg_catalog.pg_settings WHERE name = $1", ct, name);
        if (context == "user" || (context is null && name.Contains('.', StringComparison.Ordinal)))
        {
            try
            {
                await right.ExecuteAsync("SELECT pg_catalog.set_config($1, $2, false)", ct, name, value);
                // FROM CURRENT spares quoting a value whose kind (text, list, number) only the server knows.
                await right.ExecuteAsync($"ALTER DATABASE {ServerCatalog.Quote(right.Address.Database)} SET {QuoteName(name)} FROM CURRENT", ct);
                return true;
            }
            catch (FaultException e) when (e.Fault.Code == "postgres.statement")
            {
                return NotCarried(name, value, e.Fault.Why, progress);
            }
        }

        return NotCarried(name, value,
            context is null ? "the target's PostgreSQL does not know it" : $"there only the server's administrator may change it ({context})", progress);
    }

    private bool NotCarried(string name, string value, string why, IProgress<StepEvent> progress)
    {
        progress.Report(new Observed(Name, clock.GetUtcNow(), "settings.not_carried", "warning",
            $"The setting {name} = {value} of the source database was not carried over", why, "Check whether your application relies on it."));
        return false;
    }

    private static Evidence Proof(int carried, int wanted) => wanted == 0
        ? new("There is nothing to carry over", "the source database has no settings of its own")
        : new($"{carried} of {wanted} settings of the source database stand at the target", "read from pg_db_role_setting");

    private static string QuoteName(string name) => string.Join('.', name.Split('.').Select(ServerCatalog.Quote));

    private async Task<IReadOnlyList<(string Name, string Value)>> WantedAsync(CancellationToken ct)
    {
        await using var left = await PostgresSession.OpenAsync(source, ct);
        return [.. (await ServerCatalog.DatabaseSettingsAsync(left, ct)).Where(setting => setting.Name != Freeze)];
    }
}
