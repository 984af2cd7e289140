using System.Text.Json.Serialization;

namespace Godwit.Faults;

/// <summary>What a check of the assessment finds, or a step reports, about the source, the target or the
/// store.</summary>
/// <param name="Code">Stable name for scripts, <c>--accept</c> and docs/findings.md. Never renamed, never
/// reused.</param>
/// <param name="What">A clause without a full stop, as is <paramref name="Why"/>.</param>
/// <param name="Remedy">Whole sentences, with SQL or a command ready to paste; empty: nothing to do.</param>
public sealed record Finding(string Code, Severity Severity, string What, string Why, string Remedy)
{
    /// <summary>A fault that a check met and that will also stop the run. Null: the check's own finding.</summary>
    [JsonIgnore]
    public Fault? Fault { get; private init; }

    /// <summary>True: the user accepted the blocker. Null: nobody is asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsAccepted { get; init; }

    public static Finding Of(Fault fault) =>
        new(fault.Code, Severity.Blocker, fault.What, fault.Why, fault.Remedy) { Fault = fault };

    /// <summary>A fault that stops nothing.</summary>
    public static Finding Warning(Fault fault, string remedy) =>
        new(fault.Code, Severity.Warning, fault.What, fault.Why, remedy);

    public string InWords() => $"{Severity.Word()}: {What}: {Why}. {Remedy}".TrimEnd();
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
