using System.Text.Json.Serialization;
using Godwit.Faults;

namespace Godwit.Heroku;

// Heroku's answers, with the members we need. Members without a default are also read by Heroku's own command line, so
// a missing one is a malformed answer; the others may be absent.

/// <summary>Calls accept either of the two, except where they say otherwise.</summary>
public sealed record HerokuRef(string Id, string Name);

/// <param name="Region">us or eu; null lets Heroku choose (us), or the space.</param>
/// <param name="Team">The team that pays; null: the token's account.</param>
/// <param name="Space">A Private Space of the team.</param>
public sealed record NewHerokuApp(string Name, string? Region = null, string? Team = null, string? Space = null);

public sealed record HerokuApp(string Id, string Name, bool Maintenance = false, HerokuRef? Region = null);

/// <param name="Cents">Per <paramref name="Unit"/>, in US cents. Null: by contract, not published.</param>
public sealed record HerokuPrice(long? Cents = null, string? Unit = null);

/// <param name="Name">Whole: <c>heroku-postgresql:essential-1</c>.</param>
public sealed record HerokuPlan(string Name, HerokuPrice? Price = null)
{
    /// <summary>Without the service: <c>essential-1</c>.</summary>
    [JsonIgnore]
    public string ShortName => Name[(Name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    [JsonIgnore]
    public bool IsPostgres => Name.StartsWith("heroku-postgresql:", StringComparison.Ordinal);
}

/// <param name="App">The app that owns and pays for it; it may be attached to others.</param>
/// <param name="State">provisioning, provisioned, deprovisioning or deprovisioned (after a creation: it
/// failed).</param>
public sealed record HerokuAddon(string Id, string Name, string State, HerokuPlan Plan, HerokuRef App)
{
    [JsonIgnore]
    public bool IsProvisioned => State == "provisioned";

    [JsonIgnore]
    public bool IsGone => State is "deprovisioned" or "deprovisioning";
}

public sealed record HerokuAttachedAddon(string Id, string Name, HerokuRef App, HerokuPlan? Plan = null);

/// <param name="Name">DATABASE, HEROKU_POSTGRESQL_RED …; the config var is this with <c>_URL</c>.</param>
/// <param name="Namespace">Null for the default credential; else <c>credential:NAME</c> or
/// <c>connection-pooling:default</c>.</param>
/// <param name="App">The app it is attached to, which need not own the database.</param>
public sealed record HerokuAttachment(
    string Id, string Name, HerokuRef App, HerokuAttachedAddon Addon, string? Namespace = null,
    IReadOnlyList<string>? ConfigVars = null);

/// <summary>The dynos of one process type.</summary>
public sealed record HerokuProcess(string Type, int Quantity, string? Size = null);

/// <param name="Name"><c>web.1</c>, or <c>run.1828</c> for a dyno started by hand.</param>
/// <param name="Type">A process type; for one-off dynos <c>run</c>, <c>scheduler</c> and the like.</param>
/// <param name="State">starting, up, idle, crashed, down.</param>
public sealed record HerokuDyno(string Name, string Type, string? State = null, string? Command = null)
{
    [JsonIgnore]
    public bool HasEnded => State is "crashed" or "down" or "completed";
}

/// <summary>An absolute quantity. Without a size, the process keeps its own.</summary>
public sealed record HerokuScale(string Type, int Quantity, string? Size = null);

/// <param name="Status">succeeded, failed or pending (a release phase is running).</param>
public sealed record HerokuRelease(string Id, int Version, string? Description = null, string? Status = null);

/// <param name="Message">Heroku's own word for its activity, e.g. <c>preparing</c>.</param>
public sealed record HerokuWaitStatus(
    [property: JsonPropertyName("waiting?")] bool Waiting = false,
    [property: JsonPropertyName("error?")] bool Error = false,
    string? Message = null);

/// <summary>One line of <c>heroku pg:info</c>.</summary>
public sealed record HerokuInfo(
    string Name, [property: JsonConverter(typeof(TextsConverter))] IReadOnlyList<string> Values);

/// <param name="ResourceUrl">With its password.</param>
public sealed record HerokuDatabase(IReadOnlyList<HerokuInfo> Info, Secret? ResourceUrl = null)
{
    /// <summary>A line of <c>heroku pg:info</c> by its title; several values are joined by a comma. Null:
    /// none.</summary>
    public string? Find(string title)
    {
        foreach (var line in Info)
        {
            if (string.Equals(line.Name, title, StringComparison.OrdinalIgnoreCase))
                return string.Join(", ", line.Values);
        }

        return null;
    }
}

/// <param name="Level">info, warning, error … as the transfer's worker wrote it.</param>
public sealed record HerokuLogLine(string Message, string? Level = null);

/// <summary>A backup, restore or copy. Ended only when <see cref="FinishedAt"/> is set; a cancelled one may still
/// run.</summary>
/// <param name="Num">Counted per app for all kinds together, so <c>r003</c> is followed by <c>b004</c>.</param>
/// <param name="Succeeded">True also when objects were skipped: see <paramref name="Warnings"/> and the logs, or use
/// <see cref="HerokuTransfers"/>.</param>
/// <param name="FromUrl">May hold a password or a signature.</param>
/// <param name="ToUrl">Likewise.</param>
/// <param name="Logs">Only present when requested (verbose).</param>
public sealed record HerokuTransfer(
    string Uuid,
    int Num = 0,
    string? FromType = null,
    string? FromName = null,
    Secret? FromUrl = null,
    string? ToType = null,
    Secret? ToUrl = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    DateTimeOffset? CanceledAt = null,
    bool? Succeeded = null,
    long? ProcessedBytes = null,
    int? Warnings = null,
    IReadOnlyList<HerokuLogLine>? Logs = null)
{
    /// <summary>As in Heroku's commands: <c>r003</c> for a restore, <c>b004</c> for a backup, <c>c005</c> for a
    /// copy.</summary>
    [JsonIgnore]
    public string Name => $"{(ToType != "pg_restore" ? "b" : IsRestore ? "r" : "c")}{Num:000}";

    [JsonIgnore]
    public bool IsRestore => ToType == "pg_restore" && FromType != "pg_dump";

    /// <summary>Into Heroku's own store.</summary>
    [JsonIgnore]
    public bool IsBackup => FromType == "pg_dump" && ToType == "gof3r";

    /// <summary>Nothing was skipped.</summary>
    [JsonIgnore]
    public bool IsWhole => this is { FinishedAt: not null, CanceledAt: null, Succeeded: true } && (Warnings ?? 0) == 0;

    /// <summary>For people.</summary>
    [JsonIgnore]
    public string State => (FinishedAt, StartedAt, CanceledAt) switch
    {
        ({ }, _, { }) => "cancelled",
        ({ }, _, _) => Succeeded == true ? "finished" : "failed",
        (_, _, { }) => "cancelling",
        (_, { }, _) => "running",
        _ => "pending",
    };
}

/// <summary>A daily backup by Heroku.</summary>
/// <param name="Name">The config var of its database: <c>DATABASE_URL</c>.</param>
/// <param name="Hour">A number as text: <c>2</c> or <c>02</c>.</param>
public sealed record HerokuSchedule(
    string Name, [property: JsonConverter(typeof(TextConverter))] string? Hour, string? Timezone = null)
{
    /// <summary>As Heroku's command line shows it: <c>02:00 UTC</c>.</summary>
    [JsonIgnore]
    public string At => $"{Hour?.PadLeft(2, '0')}:00 {Timezone}";
}

/// <param name="Value">As text: <c>true</c>, <c>2000</c>, <c>ddl</c>.</param>
public sealed record HerokuSetting([property: JsonConverter(typeof(TextConverter))] string? Value);
