using Godwit.Pipeline;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>What a run remembers about its dump, even after its process died.</summary>
/// <param name="runId">Part of the object's key, so that two runs never share an object.</param>
/// <param name="bytesKey">For the dump's size.</param>
public sealed class DumpMemory(IRunMemory memory, string runId, RunKey<long?> bytesKey)
{
    /// <summary>The present freeze, set by the freeze step. A dump of another freeze is worthless.</summary>
    public static RunKey<string> FreezeKey { get; } = RunKey.Text("freeze.epoch");

    /// <summary>Set while the store may hold data of the run.</summary>
    public static RunKey<string> BegunKey { get; } = RunKey.Text("dump.begun");

    private static readonly RunKey<string> EpochKey = RunKey.Text("dump.epoch"), ETagKey = RunKey.Text("dump.etag");

    private static readonly RunKey<double?> SecondsKey = RunKey.Measured("dump.seconds", "0.0");

    public string RunId => runId;

    public string Key => GodwitKeys.DumpOf(runId);

    public bool MayBeInStore => memory.Recall(BegunKey) is not null;

    public bool IsOfThisFreeze => memory.Recall(EpochKey) is { } epoch && epoch == memory.Recall(FreezeKey);

    public long? SizeBytes => memory.Recall(bytesKey);

    /// <summary>Duration of reading and sending. Null: not known.</summary>
    public TimeSpan? Took => memory.Recall(SecondsKey) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public bool IsSame(StoredObject found) => found.SizeBytes == SizeBytes && found.ETag == memory.Recall(ETagKey);

    /// <summary>Called before the first byte is sent.</summary>
    public void Begin()
    {
        memory.Remember(EpochKey, null);
        memory.Remember(BegunKey, Key);
    }

    public void End(StoredObject stored, TimeSpan took)
    {
        memory.Remember(SecondsKey, took.TotalSeconds);
        memory.Remember(bytesKey, stored.SizeBytes);
        memory.Remember(ETagKey, stored.ETag);
        memory.Remember(EpochKey, memory.Recall(FreezeKey));
    }

    public void Forget()
    {
        memory.Remember(EpochKey, null);
        memory.Remember(BegunKey, null);
    }
}
