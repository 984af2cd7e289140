using System.Globalization;
using Godwit.Pipeline;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>What a run knows of its dump after its process died.</summary>
/// <param name="runId">Part of the key, so that no two runs meet in one object.</param>
public sealed class DumpMemory(IRunMemory memory, string runId)
{
    /// <summary>The name of the freeze that holds now; whoever freezes remembers it. A dump of another freeze is worth
    /// nothing.</summary>
    public const string FreezeKey = "freeze.epoch";

    /// <summary>Remembered while something of the run may be in the store.</summary>
    public const string BegunKey = "dump.begun";

    public string RunId => runId;

    public string Key => GodwitKeys.DumpOf(runId);

    /// <summary>Something of ours may be in the store.</summary>
    public bool MayBeInStore => memory.Recall(BegunKey) is not null;

    public bool IsOfThisFreeze => memory.Recall("dump.epoch") is { } epoch && epoch == memory.Recall(FreezeKey);

    public long? SizeBytes =>
        memory.Recall("dump.bytes") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>How long reading and sending took. Null: not known.</summary>
    public TimeSpan? Took => memory.Recall("dump.seconds") is { } text ? TimeSpan.FromSeconds(double.Parse(text,
        CultureInfo.InvariantCulture)) : null;

    public bool IsSame(StoredObject found) => found.SizeBytes == SizeBytes && found.ETag == memory.Recall("dump.etag");

    /// <summary>Before the first byte is sent.</summary>
    public void Begin()
    {
        memory.Remember("dump.epoch", null);
        memory.Remember(BegunKey, Key);
    }

    public void End(StoredObject stored, TimeSpan took)
    {
        memory.Remember("dump.seconds", took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        memory.Remember("dump.bytes", stored.SizeBytes.ToString(CultureInfo.InvariantCulture));
        memory.Remember("dump.etag", stored.ETag);
        memory.Remember("dump.epoch", memory.Recall(FreezeKey));
    }

    public void Forget()
    {
        memory.Remember("dump.epoch", null);
        memory.Remember(BegunKey, null);
    }
}
