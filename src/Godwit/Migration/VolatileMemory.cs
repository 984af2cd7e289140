using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>A memory for plans and dry runs, which leave nothing behind.</summary>
internal sealed class VolatileMemory : IRunMemory
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>A copy of what a run remembers. Changes do not reach the journal.</summary>
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
