using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>Keeps one app's part of the memory, where a run does the same to several apps.</summary>
public sealed class MemoryOfApp(IRunMemory memory, string app) : IRunMemory
{
    public string? Recall(string key) => memory.Recall(Scoped(key));

    public void Remember(string key, string? value) => memory.Remember(Scoped(key), value);

    private string Scoped(string key) => $"{key}.{app}";
}
