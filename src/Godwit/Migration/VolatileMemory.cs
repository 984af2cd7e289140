using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>For looking ahead: a dry run leaves nothing behind.</summary>
internal sealed class VolatileMemory : IRunMemory
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>What a run remembers, for looking: nothing of what is done with it reaches the journal.</summary>
    public static VolatileMemory Of(RunStory story)
    {
        var memory = new VolatileMemory();
        foreach (var (key, value) in story.Memory)
            memory.Remember(key, value);
        return memory;
    }

    public string? Recall(string key) => _values.GetValueOrDefault(key);

    public void Remember(string key, string? value)
    {
        if (value is null)
            _values.Remove(key);
        else
            _values[key] = value;
    }
}
