using System.Text.Json.Serialization;
using Godwit.Faults;

namespace Godwit.Pipeline;

/// <summary>A fact about a running step: numbers, never prose. Terminal, page and JSON each format it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StepStarted), "step_started")]
[JsonDerivedType(typeof(BytesMoved), "bytes_moved")]
[JsonDerivedType(typeof(StateChanged), "state_changed")]
[JsonDerivedType(typeof(ItemCompared), "item_compared")]
[JsonDerivedType(typeof(Observed), "observed")]
[JsonDerivedType(typeof(StepDone), "step_done")]
[JsonDerivedType(typeof(StepFailed), "step_failed")]
[JsonDerivedType(typeof(StepUndone), "step_undone")]
[JsonDerivedType(typeof(UndoFailed), "undo_failed")]
public abstract record StepEvent(string Step, DateTimeOffset At);

/// <param name="Traits">Null outside of a run, and in journals of older versions.</param>
public sealed record StepStarted(string Step, DateTimeOffset At, string Intent, StepTraits? Traits = null)
    : StepEvent(Step, At);

/// <param name="DoneBytes">Never falls within one attempt.</param>
/// <param name="TotalBytes">Null until measured; shown as "?", never as 0.</param>
/// <param name="Rows">Read so far; null: not counted.</param>
/// <param name="ReadBytes">Bytes read from the source for <paramref name="DoneBytes"/>, where the output differs from
/// the input (an archive). Null: not measured.</param>
/// <param name="ReadTotalBytes">Size at the source, measured before the first row.</param>
public sealed record BytesMoved(
    string Step, DateTimeOffset At, long DoneBytes, long? TotalBytes, long? Rows = null, long? ReadBytes = null,
    long? ReadTotalBytes = null)
    : StepEvent(Step, At);

/// <summary>The state of something outside changed: an add-on is provisioned, a transfer runs.</summary>
/// <param name="Subject">E.g. an add-on's name.</param>
public sealed record StateChanged(string Step, DateTimeOffset At, string Subject, string State) : StepEvent(Step, At);

/// <param name="SourceRows">Null: could not be counted.</param>
public sealed record ItemCompared(
    string Step, DateTimeOffset At, string Table, long? SourceRows, long? TargetRows, int Done, int Total)
    : StepEvent(Step, At);

/// <summary>A finding, a warning or a fact for the report. In JSON it stands beside the step.</summary>
public sealed record Observed(string Step, DateTimeOffset At, [property: JsonIgnore] Finding Finding)
    : StepEvent(Step, At)
{
    [JsonConstructor]
    public Observed(
        string step, DateTimeOffset at, string code, Severity severity, string what, string why, string remedy)
        : this(step, at, new(code, severity, what, why, remedy))
    {
    }

    public string Code => Finding.Code;

    public Severity Severity => Finding.Severity;

    public string What => Finding.What;

    public string Why => Finding.Why;

    public string Remedy => Finding.Remedy;
}

public sealed record StepDone(string Step, DateTimeOffset At, Evidence Evidence, bool WasAlreadyDone)
    : StepEvent(Step, At);

public sealed record StepFailed(string Step, DateTimeOffset At, Fault Fault) : StepEvent(Step, At);

public sealed record StepUndone(
    string Step, DateTimeOffset At, [property: JsonPropertyName("what_was_put_back")] string UndoResult)
    : StepEvent(Step, At);

public sealed record UndoFailed(string Step, DateTimeOffset At, Fault Fault) : StepEvent(Step, At);
