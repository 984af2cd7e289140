using Godwit.Pipeline;

namespace Godwit.Migration;

/// <summary>For looking ahead: a dry run leaves nothing behind.</summary>
internal sealed class VolatileMemory : IRunMemory
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string? Recall(string key) => _values.GetValueOrDefault(key);

    public void Remember(string key, string? value)
    {
        if (value is null)
            _values.Remove(key);
        else
            _values[key] = value;
    }
}
