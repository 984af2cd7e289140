using System.Text.Json;
using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Flags;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.App.Cli.Screens;

/// <summary>One JSON object per line and event, flushed at once. Byte counts come at most four times a second, and the
/// last one before any other event.</summary>
internal sealed class JsonFace(TextWriter writer, TimeProvider clock) : IProgress<StepEvent>
{
    private readonly Throttle _bytes = new(TimeSpan.FromMilliseconds(250), clock);
    private readonly Lock _gate = new();

    private BytesMoved? _untold;

    public void Report(StepEvent value)
    {
        ProblemText.Remember(value);
        lock (_gate)
        {
            if (value is BytesMoved moved && !_bytes.IsDue())
            {
                _untold = moved;
                return;
            }

            if (_untold is { } last && value is not BytesMoved)
                Write(last);
            _untold = null;
            Write(value);
        }
    }

    private void Write(StepEvent value)
    {
        writer.WriteLine(JsonSerializer.Serialize(value, JournalJson.Options));
        writer.Flush();
    }
}
