using System.Text.Json.Serialization;
using Godwit.Faults;

namespace Godwit.Assess;

/// <summary>One fact about source, target or store that the user should know before the move.</summary>
/// <param name="Code">For scripts, <c>--accept</c> and docs/findings.md. Never renamed, never reused.</param>
/// <param name="What">A clause without a full stop, like <paramref name="Why"/>.</param>
/// <param name="Remedy">Whole sentences, with SQL or a command ready to paste; may be empty.</param>
public sealed record Finding(string Code, Severity Severity, string What, string Why, string Remedy)
{
    /// <summary>A fault that a check met and that will also stop the run. Null: the check's own finding.</summary>
    [JsonIgnore]
    public Fault? Fault { get; private init; }

    public static Finding Of(Fault fault) =>
        new(fault.Code, Severity.Blocker, fault.What, fault.Why, fault.Remedy) { Fault = fault };
}

/// <summary>In display order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>The move would fail or lose something. Stops the run unless accepted.</summary>
    [JsonStringEnumMemberName("blocker")]
    Blocker,

    /// <summary>The move succeeds, but something changes.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Worth knowing.</summary>
    [JsonStringEnumMemberName("note")]
    Note,
}

public static class Severities
{
    /// <summary>As in the journal, in JSON and on the screen.</summary>
    public static string Word(this Severity severity) => severity switch
    {
        Severity.Blocker => "blocker",
        Severity.Warning => "warning",
        _ => "note",
    };
}
