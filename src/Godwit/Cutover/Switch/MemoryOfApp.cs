using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>What a run remembers of one app, where it does the same thing to several.</summary>
public sealed class MemoryOfApp(IRunMemory memory, string app) : IRunMemory
{
    public string? Recall(string key) => memory.Recall(Scoped(key));

    public void Remember(string key, string? value) => memory.Remember(Scoped(key), value);

    private string Scoped(string key) => $"{key}.{app}";
}
