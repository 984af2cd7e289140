namespace Godwit.Tests.Heroku;

/// <summary>Remembers what it was told, in order and at once; the BCL's own Progress posts to the thread
/// pool.</summary>
public sealed class Told<T> : IProgress<T>
{
    private readonly List<T> _all = [];

    public IReadOnlyList<T> All => _all;

    public void Report(T value) => _all.Add(value);
}
