using Godwit.Pipeline;

namespace Godwit.EndToEnd.Cutover;

/// <summary>What a run remembers, and a process that dies at one of its writes: just before it reaches the disk, or
/// just after.</summary>
public sealed class DyingMemory : IRunMemory
{
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);
    private int _writes;
    private int _diesAt = int.MaxValue;
    private bool _isWritten;
    private bool _isDead;

    public IReadOnlyDictionary<string, string> Kept => _kept;

    /// <summary>Behind it, another process takes over what is remembered.</summary>
    /// <param name="write">The first is 1.</param>
    /// <param name="isWritten">Whether the write at which it dies reaches the disk.</param>
    /// <returns>False: there is no such write, and it came to its end.</returns>
    public async Task<bool> DiesAsync(int write, bool isWritten, Func<Task> act)
    {
        (_writes, _diesAt, _isWritten) = (0, write, isWritten);
        try
        {
            await act();
            return false;
        }
        catch (DeathException)
        {
            return true;
        }
        finally
        {
            (_diesAt, _isDead) = (int.MaxValue, false);
        }
    }

    public string? Recall(string key) => _kept.GetValueOrDefault(key);

    public void Remember(string key, string? value)
    {
        if (_isDead)
            throw new DeathException();
        _isDead = ++_writes == _diesAt;
        if (!_isDead || _isWritten)
        {
            if (value is null)
                _kept.Remove(key);
            else
                _kept[key] = value;
        }

        if (_isDead)
            throw new DeathException();
    }
}

/// <summary>No step and no runner knows it: nothing is caught, and nothing is done any more, as when a process is
/// killed.</summary>
public sealed class DeathException : Exception;
