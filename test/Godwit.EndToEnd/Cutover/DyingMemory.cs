using Godwit.Pipeline;

namespace Godwit.EndToEnd.Cutover;

/// <summary>What a run remembers, and a process that dies at one of its writes: just before it reaches the disk, or just after.</summary>
public sealed class DyingMemory : IRunMemory
{
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);
    private int _writes;
    private int _diesAt = int.MaxValue;
    private bool _isWritten;

    /// <summary>It has died; what it remembered is still there.</summary>
    public bool IsDead { get; private set; }

    public IReadOnlyDictionary<string, string> Kept => _kept;

    /// <param name="isWritten">Whether the write at which it dies reaches the disk.</param>
    public void DieAt(int write, bool isWritten) => (_writes, _diesAt, _isWritten, IsDead) = (0, write, isWritten, false);

    /// <summary>Another process takes over what is remembered.</summary>
    public void Live() => (_diesAt, IsDead) = (int.MaxValue, false);

    public string? Recall(string key) => _kept.GetValueOrDefault(key);

    public void Remember(string key, string? value)
    {
        if (IsDead)
            throw new DeathException();
        IsDead = ++_writes == _diesAt;
        if (!IsDead || _isWritten)
        {
            if (value is null)
                _kept.Remove(key);
            else
                _kept[key] = value;
        }

        if (IsDead)
            throw new DeathException();
    }
}

/// <summary>No step and no runner knows it: nothing is caught, and nothing is done any more, as when a process is killed.</summary>
public sealed class DeathException : Exception;
