using System.Text.Json.Serialization;
using Godwit.Postgres;

namespace Godwit.Settings;

/// <summary>What can be done about a difference, in the order it is shown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingKind>))]
public enum SettingKind
{
    /// <summary>The owner of the target can set it, with ALTER DATABASE or ALTER ROLE.</summary>
    [JsonStringEnumMemberName("carried")]
    Carried,

    /// <summary>Heroku sets it, asked with one of its <c>pg:settings</c> keys.</summary>
    [JsonStringEnumMemberName("heroku")]
    Heroku,

    /// <summary>The plan decides, or whoever runs the target.</summary>
    [JsonStringEnumMemberName("decided")]
    Decided,

    /// <summary>Says nothing about the application: of a provider, a machine, or a default that another version
    /// changed.</summary>
    [JsonStringEnumMemberName("noise")]
    Noise,

    /// <summary>Differs from its default at the source, and stands at the target.</summary>
    [JsonStringEnumMemberName("same")]
    Same,
}

/// <summary>A setting that differs from its default, or between the two.</summary>
/// <param name="Role">At the source, whose own value this is; null: of everybody, and of the role the application logs
/// in with.</param>
public sealed record SettingDifference(string Name, SettingKind Kind, string? Role)
{
    /// <summary>As SHOW prints it; <c>***</c> where it may be a secret; null: the source does not know it.</summary>
    public string? Source { get; init; }

    /// <summary>Who set it there: <c>database</c>, <c>role app</c>, <c>server</c>, <c>default</c>.</summary>
    public string? SourceFrom { get; init; }

    public string? Target { get; init; }

    public string? TargetFrom { get; init; }

    /// <summary>Why nothing is done about it; empty where something is.</summary>
    public string Why { get; init; } = "";

    /// <summary>A statement or a command to paste. Null: there is none, or the value must not be shown.</summary>
    public string? Do { get; init; }

    /// <summary>Somebody set it at the source for the database or a role: it is of the application, and no dump holds
    /// it.</summary>
    public bool IsOfDatabase { get; init; }

    /// <summary>Somebody changed it from its default at the source.</summary>
    public bool IsMeant { get; init; }

    /// <summary>It would be set by <see cref="SettingsCarrier"/>; without <see cref="Do"/> it can be set in no other
    /// way.</summary>
    [JsonIgnore]
    public bool CanBeSet => Change is not null;

    [JsonIgnore]
    internal SettingChange? Change { get; init; }
}

/// <summary>How a value comes to the target.</summary>
internal abstract record SettingChange
{
    /// <param name="Role">At the target; null: for every role.</param>
    internal sealed record Sql(string? Role, string Name, SettingValue Value) : SettingChange;

    internal sealed record Key(string Name, string Value) : SettingChange;
}
