using System.Text.Json.Serialization;
using Godwit.Dump;
using Godwit.Faults;

namespace Godwit.Requests;

/// <summary>How the source is read, and how the dump is made.</summary>
public sealed record DumpSettings
{
    /// <summary>Null: what the engine finds best.</summary>
    public int? CompressLevel { get; init; }

    public DumpEngineKind Engine { get; init; }

    /// <summary>How long is waited for somebody's lock at the source; null: nobody said it.</summary>
    public int? LockWaitSeconds { get; init; }

    /// <summary>Flags that say how the dump is made, where it lies and how that is reached, as far as somebody gave
    /// them. Where nothing is dumped they have no effect, and the user is told.</summary>
    [JsonPropertyName("dump_flags")]
    public IReadOnlyList<string> Flags { get; init; } = [];

    public IEnumerable<OptionProblem> Problems() => new DumpOptions { CompressLevel = CompressLevel }.Problems();
}
