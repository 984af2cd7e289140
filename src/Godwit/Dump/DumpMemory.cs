using Godwit.Pipeline;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>What a run knows of its dump after its process died.</summary>
/// <param name="runId">Part of the key, so that no two runs meet in one object.</param>
/// <param name="bytesKey">Under which the size of the dump is remembered.</param>
public sealed class DumpMemory(IRunMemory memory, string runId, RunKey<long?> bytesKey)
{
    /// <summary>The name of the freeze that holds now; whoever freezes remembers it. A dump of another freeze is worth
    /// nothing.</summary>
    public static RunKey<string> FreezeKey { get; } = RunKey.Text("freeze.epoch");

    /// <summary>Remembered while something of the run may be in the store.</summary>
    public static RunKey<string> BegunKey { get; } = RunKey.Text("dump.begun");

    private static readonly RunKey<string> EpochKey = RunKey.Text("dump.epoch"), ETagKey = RunKey.Text("dump.etag");

    private static readonly RunKey<double?> SecondsKey = RunKey.Measured("dump.seconds", "0.0");

    public string RunId => runId;

    public string Key => GodwitKeys.DumpOf(runId);

    /// <summary>Something of ours may be in the store.</summary>
    public bool MayBeInStore => memory.Recall(BegunKey) is not null;

    public bool IsOfThisFreeze => memory.Recall(EpochKey) is { } epoch && epoch == memory.Recall(FreezeKey);

    public long? SizeBytes => memory.Recall(bytesKey);

    /// <summary>How long reading and sending took. Null: not known.</summary>
    public TimeSpan? Took => memory.Recall(SecondsKey) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public bool IsSame(StoredObject found) => found.SizeBytes == SizeBytes && found.ETag == memory.Recall(ETagKey);

    /// <summary>Before the first byte is sent.</summary>
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
