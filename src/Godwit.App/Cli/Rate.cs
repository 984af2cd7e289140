using Godwit.Dump;
using Godwit.Pipeline;
using Godwit.Report;

namespace Godwit.App.Cli;

/// <summary>Bytes per second and the time that is left, from the bytes a step told of.</summary>
internal sealed class Rate(TimeProvider clock)
{
    /// <summary>Before that, what is left is a guess that jumps.</summary>
    private const double LeftFromSeconds = 5;

    private string? _step;
    private long _startedAt;
    private long _startBytes;

    /// <summary>E.g. <c>archive 34.1 MB of about 96.0 MB, 12.3 MB/s, 5 s left</c>.</summary>
    public string Describe(BytesMoved moved)
    {
        if (_step != moved.Step)
            (_step, _startedAt, _startBytes) = (moved.Step, clock.GetTimestamp(), moved.DoneBytes);
        var seconds = clock.GetElapsedTime(_startedAt).TotalSeconds;
        var perSecond = seconds < 0.5 ? 0 : (moved.DoneBytes - _startBytes) / seconds;
        var total = moved.TotalBytes is { } known ? $"about {Worded.Bytes(known)}" : "?";
        // They are counted when a part has arrived whole; until then there would be bytes without rows.
        var rows = moved.Rows is > 0 and { } counted ? $"{Words.Count(counted, "row")}, " : "";
        // A dump is told by what it becomes, which is a fraction of what is read.
        var text = $"{rows}{(moved.Step == SingleDump.Step ? "archive " : "")}{Worded.Bytes(moved.DoneBytes)} of {total}";
        if (perSecond <= 0)
            return text;
        text += $", {Worded.Bytes((long)perSecond)}/s";
        return seconds >= LeftFromSeconds && moved.TotalBytes is { } all && all > moved.DoneBytes
            ? $"{text}, {Worded.Duration(TimeSpan.FromSeconds((all - moved.DoneBytes) / perSecond))} left"
            : text;
    }
}
