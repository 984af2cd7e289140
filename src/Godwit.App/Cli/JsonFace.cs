using System.Text.Json;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.App.Cli;

/// <summary>One JSON object per line and event, flushed at once. Bytes on their way are told at most four times a second.</summary>
internal sealed class JsonFace(TextWriter writer, TimeProvider clock) : IProgress<StepEvent>
{
    private readonly Throttle _bytes = new(TimeSpan.FromMilliseconds(250), clock);
    private readonly Lock _gate = new();

    public void Report(StepEvent value)
    {
        lock (_gate)
        {
            if (value is BytesMoved && !_bytes.IsDue())
                return;
            writer.WriteLine(JsonSerializer.Serialize(value, JournalJson.Options));
            writer.Flush();
        }
    }
}
