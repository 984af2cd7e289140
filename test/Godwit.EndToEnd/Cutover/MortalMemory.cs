using Godwit.Pipeline;

namespace Godwit.EndToEnd.Cutover;

/// <summary>A run's memory whose process can be killed: from then on nothing is remembered, and whoever wanted to is gone. What was remembered stays.</summary>
internal sealed class MortalMemory : IRunMemory
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private int _left = int.MaxValue;

    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Dies instead of remembering once more.</summary>
    public void DieAfter(int remembered) => _left = remembered;

    public void LiveOn() => _left = int.MaxValue;

    public string? Recall(string key) => _values.GetValueOrDefault(key);

    public void Remember(string key, string? value)
    {
        if (_left-- <= 0)
            throw new DiedException();
        if (value is null)
            _values.Remove(key);
        else
            _values[key] = value;
    }

#pragma warning disable CA1032, CA1064 // Thrown and caught here only.
    internal sealed class DiedException : Exception;
#pragma warning restore CA1032, CA1064
}
