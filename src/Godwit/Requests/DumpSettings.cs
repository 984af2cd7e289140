using System.Text.Json.Serialization;
using Godwit.Dump;
using Godwit.Faults;

namespace Godwit.Requests;

public sealed record DumpSettings
{
    /// <summary>Null: the engine chooses.</summary>
    public int? CompressLevel { get; init; }

    public DumpEngineKind Engine { get; init; }

    /// <summary>For a lock at the source; null: not given.</summary>
    public int? LockWaitSeconds { get; init; }

    /// <summary>The given flags for the dump, its store and how the store is reached. Without a dump they have no
    /// effect, and the user is told.</summary>
    [JsonPropertyName("dump_flags")]
    public IReadOnlyList<string> Flags { get; init; } = [];

    public IEnumerable<OptionProblem> Problems() => DumpCompression.OfLevel(CompressLevel).Problems();
}
