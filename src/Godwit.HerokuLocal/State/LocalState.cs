// State: heroku-local's data, in one JSON file.
//
// Written whole, to a temporary file that then replaces the old one, after every change: a killed server
// finds its last change or the one before, never half of one. The databases themselves are in the cluster;
// whatever can be asked there (sizes, connections) is not remembered here.
using Godwit.Faults;

namespace Godwit.HerokuLocal.State;

internal sealed class LocalState
{
    public Guid AccountId { get; init; } = Guid.NewGuid();

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Signs links to backups, in hexadecimal.</summary>
    public Secret SigningKey { get; set; } = new("");

    /// <summary>Used again at the next start, so that a noted DATABASE_URL keeps working.</summary>
    public int DatabasePort { get; set; }

    /// <summary>Used again at the next start, so that an exported HEROKU_HOST keeps working.</summary>
    public int ApiPort { get; set; }

    public List<AppState> Apps { get; init; } = [];

    public List<AddonState> Addons { get; init; } = [];

    public List<AttachmentState> Attachments { get; init; } = [];
}

internal sealed class AppState
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Name { get; init; }
    public string Region { get; init; } = "us";

    /// <summary>From the app's creation: teams and spaces are not simulated.</summary>
    public string? Team { get; init; }
    public string? Space { get; init; }
    public string Stack { get; init; } = "heroku-24";
    public bool Maintenance { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public SortedDictionary<string, string> ConfigVars { get; init; } = new(StringComparer.Ordinal);
    public List<ProcessState> Formation { get; init; } = [];
    public List<ReleaseState> Releases { get; init; } = [];

    /// <summary>One-off dynos until they are stopped; nothing runs in them.</summary>
    public List<OneOffState> OneOffs { get; init; } = [];

    /// <summary>Values that a rollback gave to attachments' config vars, until they are attached again: Heroku rolls
    /// back values, not add-ons. Null: removed.</summary>
    public SortedDictionary<string, string?> RolledBack { get; init; } = new(StringComparer.Ordinal);

    /// <summary>One sequence for backups, restores and copies: b001, r002, c003.</summary>
    public int LastTransferNum { get; set; }

    public List<TransferState> Transfers { get; init; } = [];
    public List<ScheduleState> Schedules { get; init; } = [];
}

internal sealed class ProcessState
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Type { get; init; }
    public int Quantity { get; set; }
    public string Size { get; set; } = "Basic";
    public required string Command { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class OneOffState
{
    public const string Run = "run";

    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Type { get; init; }
    public required int Number { get; init; }
    public required string Size { get; init; }
    public required string Command { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    public string Name => FormattableString.Invariant($"{Type}.{Number}");
}

internal sealed class ReleaseState
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public required int Version { get; init; }
    public required string Description { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The release's config vars, including those of attachments. Null until
    /// <see cref="Platform.ReleaseKeeper"/> sets them.</summary>
    public SortedDictionary<string, string>? Config { get; set; }

    /// <summary>End of the release command; null: none.</summary>
    public DateTimeOffset? PhaseEndsAt { get; set; }

    /// <summary>The release command fails.</summary>
    public bool Fails { get; set; }

    public string Status(DateTimeOffset now) => now < PhaseEndsAt ? "pending" : Fails ? "failed" : "succeeded";
}

internal sealed class AddonState
{
    public const string Provisioning = "provisioning";
    public const string Provisioned = "provisioned";
    public const string Deprovisioned = "deprovisioned";

    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Name { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Without the service's name: <c>essential-1</c>.</summary>
    public required string Plan { get; set; }

    public string State { get; set; } = Provisioning;
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
    public required string Database { get; init; }

    /// <summary>The first is <c>default</c>, the owner.</summary>
    public List<CredentialState> Credentials { get; init; } = [];

    /// <summary>As requested: <c>schema.extension</c> or <c>extension</c>.</summary>
    public List<string> Extensions { get; init; } = [];

    /// <summary>Changed by pg:settings.</summary>
    public SortedDictionary<string, string> Settings { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The attachment whose release appears once provisioning has completed.</summary>
    public Guid FirstAttachment { get; set; }

    public CredentialState Owner => Credentials[0];
}

internal sealed class CredentialState
{
    public const string Default = "default";

    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Name { get; init; }
    public required string User { get; init; }
    public required Secret Password { get; set; }
}

internal sealed class AttachmentState
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Name { get; set; }
    public required Guid AddonId { get; init; }
    public required Guid AppId { get; init; }

    /// <summary>Null, or <c>credential:NAME</c>.</summary>
    public string? Namespace { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string ConfigVar => Name + "_URL";
}

internal sealed class ScheduleState
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public required Guid AddonId { get; init; }
    public required string Name { get; init; }
    public required string Hour { get; init; }
    public required string Timezone { get; init; }
}

/// <summary>A backup (pg_dump to gof3r), a restore (gof3r to pg_restore) or a copy (pg_dump to pg_restore).</summary>
internal sealed class TransferState
{
    public const string PgDump = "pg_dump";
    public const string PgRestore = "pg_restore";
    public const string Store = "gof3r";

    public Guid Id { get; init; } = Guid.NewGuid();
    public required int Num { get; init; }
    public required Guid AddonId { get; init; }
    public required string FromType { get; init; }
    public required string FromName { get; init; }
    public string? FromUrl { get; init; }
    public required string ToType { get; init; }
    public required string ToName { get; init; }
    public string? ToUrl { get; set; }
    public List<string> Extensions { get; init; } = [];
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public DateTimeOffset? CanceledAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
    public bool? Succeeded { get; set; }
    public long ProcessedBytes { get; set; }
    public long SourceBytes { get; set; }
    public int Warnings { get; set; }
    public string? Schedule { get; init; }

    public string DisplayName => FormattableString.Invariant(
        $"{(ToType == Store ? Schedule is null ? 'b' : 'a' : FromType == PgDump ? 'c' : 'r')}{Num:000}");
}
