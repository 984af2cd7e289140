using System.Text.Json.Serialization;
using Godwit.Postgres;

namespace Godwit.Settings;

/// <summary>What can be done about a difference, in the order it is shown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingKind>))]
public enum SettingKind
{
    /// <summary>The target's owner can set it, with ALTER DATABASE or ALTER ROLE.</summary>
    [JsonStringEnumMemberName("carried")]
    Carried,

    /// <summary>Through one of Heroku's <c>pg:settings</c> keys.</summary>
    [JsonStringEnumMemberName("heroku")]
    Heroku,

    /// <summary>The plan or the target's operator decides.</summary>
    [JsonStringEnumMemberName("decided")]
    Decided,

    /// <summary>Irrelevant to the application: of a provider, a machine, or a default that another version
    /// changed.</summary>
    [JsonStringEnumMemberName("noise")]
    Noise,

    /// <summary>Differs from its default at the source, and has the same value at the target.</summary>
    [JsonStringEnumMemberName("same")]
    Same,
}

/// <summary>A setting that differs from its default, or between source and target.</summary>
/// <param name="Role">The source's role that has this value; null: everybody, and the application's role.</param>
public sealed record SettingDifference(string Name, SettingKind Kind, string? Role)
{
    /// <summary>As SHOW prints it; <c>***</c>: may be a secret; null: unknown at the source.</summary>
    public string? Source { get; init; }

    /// <summary>Where it was set: <c>database</c>, <c>role app</c>, <c>server</c>, <c>default</c>.</summary>
    public string? SourceFrom { get; init; }

    public string? Target { get; init; }

    public string? TargetFrom { get; init; }

    /// <summary>Why nothing is done about it; else empty.</summary>
    public string Why { get; init; } = "";

    /// <summary>A statement or command to paste. Null: none, or the value must not be shown.</summary>
    public string? Do { get; init; }

    /// <summary>Set at the source for the database or a role: it is the application's, and in no dump.</summary>
    public bool IsOfDatabase { get; init; }

    /// <summary>Changed from its default at the source.</summary>
    public bool IsMeant { get; init; }

    /// <summary><see cref="SettingsCarrier"/> would set it; without <see cref="Do"/> there is no other way.</summary>
    [JsonIgnore]
    public bool CanBeSet => Change is not null;

    [JsonIgnore]
    internal SettingChange? Change { get; init; }
}

internal abstract record SettingChange
{
    /// <param name="Role">The target's; null: every role.</param>
    internal sealed record Sql(string? Role, string Name, SettingValue Value) : SettingChange;

    internal sealed record Key(string Name, string Value) : SettingChange;
}
