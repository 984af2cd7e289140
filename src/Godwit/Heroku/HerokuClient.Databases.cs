using System.Globalization;
using System.Text.Json.Nodes;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <content>The Data API: databases by their add-on's id (or name), transfers by the owning app.</content>
public sealed partial class HerokuClient
{
    private const string Schedules = "transfer-schedules";

    private static readonly string[] AnyResource = ["add_on", "database", "transfer"];

    /// <summary>The data of <c>heroku pg:info</c>. Null: not provisioned yet.</summary>
    public Task<HerokuDatabase?> FindDatabaseAsync(string addonId, CancellationToken ct) =>
        _http.FindAsync<HerokuDatabase>(
            Data(HttpMethod.Get, DatabasePath(addonId), "read the state of the database") with
            {
                MissingIsAnswer = AnyResource,
            }, ct);

    /// <summary>What Heroku is doing with the database. Null: not provisioned yet.</summary>
    public Task<HerokuWaitStatus?> FindWaitStatusAsync(string addonId, CancellationToken ct)
    {
        var call = Data(HttpMethod.Get, DatabasePath(addonId, "wait_status"), "ask whether the database is ready");
        return _http.FindAsync<HerokuWaitStatus>(call with { MissingIsAnswer = AnyResource }, ct);
    }

    /// <summary>Starts a restore, which first drops everything in the target. Returns at once: follow it with
    /// <see cref="HerokuTransfers"/>. Not repeated after a lost answer: check <see cref="ListTransfersAsync"/>
    /// first.</summary>
    /// <param name="backupUrl">Heroku downloads it: it must be reachable from the internet, and valid until the
    /// download ends.</param>
    /// <param name="extensions">Created before the restore, as <c>name</c> or <c>schema.name</c>. Null: Heroku's
    /// default.</param>
    public Task<HerokuTransfer> RestoreAsync(
        string addonId, Secret backupUrl, IReadOnlyList<string>? extensions, CancellationToken ct)
    {
        var body = new JsonObject { ["backup_url"] = backupUrl.Reveal() };
        if (extensions is not null)
            body["extensions"] = Names(extensions);
        return _http.GetAsync<HerokuTransfer>(
            Data(HttpMethod.Post, DatabasePath(addonId, "restores"), "start the restore") with
            {
                Body = body,
                Secrets = [backupUrl],
            }, ct);
    }

    /// <summary>Starts a backup at Heroku.</summary>
    public Task<HerokuTransfer> CaptureAsync(string addonId, CancellationToken ct) =>
        _http.GetAsync<HerokuTransfer>(Data(HttpMethod.Post, DatabasePath(addonId, "backups"), "start a backup"), ct);

    /// <summary>Heroku may list the daily backups of all the app's databases, because its command line asks any
    /// database for the whole app: <see cref="HerokuSchedule.Name"/> tells them apart.</summary>
    public Task<IReadOnlyList<HerokuSchedule>> ListSchedulesAsync(string addonId, CancellationToken ct) =>
        _http.ListAsync<HerokuSchedule>(
            Data(HttpMethod.Get, DatabasePath(addonId, Schedules), "list the daily backups of the database"), ct);

    /// <summary>Not repeated after a lost answer: check <see cref="ListSchedulesAsync"/> first, and afterwards too,
    /// because the form of Heroku's answer is not known.</summary>
    /// <param name="configVar">The database's config var: <c>DATABASE_URL</c>.</param>
    public Task CreateScheduleAsync(string addonId, string configVar, HerokuDailyTime at, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["hour"] = at.HourText,
            ["timezone"] = at.Timezone,
            ["schedule_name"] = configVar,
        };
        var call = Data(HttpMethod.Post, DatabasePath(addonId, Schedules), $"schedule a daily backup at {at}");
        return _http.SendAsync(call with { Body = body }, ct);
    }

    /// <param name="app">The app that owns the database: an id, as Heroku's command line sends after a restore, or a
    /// name.</param>
    /// <param name="transfer">Its uuid or number.</param>
    /// <param name="verbose">Includes the log lines.</param>
    /// <returns>Null: there is no such transfer.</returns>
    public Task<HerokuTransfer?> FindTransferAsync(string app, string transfer, bool verbose, CancellationToken ct)
    {
        var call = Data(HttpMethod.Get, TransferPath(app, transfer) + (verbose ? "?verbose=true" : ""),
            $"read the transfer {transfer}");
        return _http.FindAsync<HerokuTransfer>(call with { MissingIsAnswer = AnyResource }, ct);
    }

    /// <summary>Backups, restores and copies of all the app's databases, newest first.</summary>
    public async Task<IReadOnlyList<HerokuTransfer>> ListTransfersAsync(string app, CancellationToken ct)
    {
        var all = await _http.ListAsync<HerokuTransfer>(
            Data(HttpMethod.Get, TransferPath(app), $"list the transfers of {app}"), ct);
        return [.. all.OrderByDescending(transfer => transfer.CreatedAt).ThenByDescending(transfer => transfer.Num)];
    }

    /// <summary>Requests a cancellation: the transfer has ended only when <see cref="HerokuTransfer.FinishedAt"/> is
    /// set.</summary>
    public Task CancelTransferAsync(string app, string transfer, CancellationToken ct)
    {
        var call = Data(HttpMethod.Post, TransferPath(app, transfer, "actions", "cancel"),
            $"cancel the transfer {transfer}");
        return _http.SendAsync(call with { MayRepeat = true }, ct);
    }

    /// <summary>Drops all tables. Returns when Heroku has accepted the request; wait with
    /// <see cref="HerokuProvisioning"/>.</summary>
    public Task ResetAsync(string addonId, IReadOnlyList<string>? extensions, CancellationToken ct)
    {
        var body = new JsonObject();
        if (extensions is not null)
            body["extensions"] = Names(extensions);
        // Sent once: a second reset could drop tables that were made after the first.
        return _http.SendAsync(
            Data(HttpMethod.Put, DatabasePath(addonId, "reset"), "empty the database") with
            {
                Body = body,
                MayRepeat = false,
            }, ct);
    }

    /// <summary>Settings by name. Heroku refuses this on Essential plans.</summary>
    public Task<IReadOnlyDictionary<string, HerokuSetting>> GetSettingsAsync(string addonId, CancellationToken ct) =>
        _http.GetAsync<IReadOnlyDictionary<string, HerokuSetting>>(
            Data(HttpMethod.Get, PostgresPath(addonId, "config"), "read the settings of the database"), ct);

    /// <returns>All settings after the change.</returns>
    public Task<IReadOnlyDictionary<string, HerokuSetting>> PatchSettingsAsync(
        string addonId, IReadOnlyDictionary<string, string> changes, CancellationToken ct)
    {
        var body = new JsonObject();
        foreach (var (name, value) in changes)
            body[name] = Scalar(value);
        var call = Data(HttpMethod.Patch, PostgresPath(addonId, "config"),
            $"set {string.Join(", ", changes.Keys)} of the database");
        return _http.GetAsync<IReadOnlyDictionary<string, HerokuSetting>>(call with { Body = body }, ct);
    }

    // Like Heroku's command line: booleans and numbers as JSON's own types, words as strings.
    private static JsonValue Scalar(string value) =>
        value is "true" or "false" ? JsonValue.Create(value == "true")
        : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? JsonValue.Create(number)
        : JsonValue.Create(value);

    // Lower case and sorted, like Heroku's command line.
    private static JsonArray Names(IEnumerable<string> extensions) =>
        [.. extensions.Select(name => name.Trim().ToLowerInvariant()).Order(StringComparer.Ordinal)
            .Select(name => JsonValue.Create(name))];

    private static string DatabasePath(string addonId, params IEnumerable<string> rest) =>
        Join(["client", "v11", "databases", addonId, .. rest]);

    private static string PostgresPath(string addonId, params IEnumerable<string> rest) =>
        Join(["postgres", "v0", "databases", addonId, .. rest]);

    private static string TransferPath(string app, params IEnumerable<string> rest) =>
        Join(["client", "v11", "apps", app, "transfers", .. rest]);
}
