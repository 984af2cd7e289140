using System.Text.Json.Serialization;
using Godwit.Faults;

namespace Godwit.Requests;

public sealed record FreezeSettings
{
    public static EnumWords<FreezeHow> Words { get; } =
        new(FreezeHow.ReadOnly, (FreezeHow.ReadOnly, "read-only"), (FreezeHow.Revoke, "revoke"));

    /// <summary>False: the user stops the writes.</summary>
    [JsonPropertyName("freeze")]
    public bool IsOn { get; init; } = true;

    [JsonPropertyName("freeze_how")]
    public FreezeHow How { get; init; }

    /// <summary>Apps that write to the source, beside the target's.</summary>
    public IReadOnlyList<string> Apps { get; init; } = [];

    /// <summary>Web dynos keep running.</summary>
    public bool OnlyWorkers { get; init; }

    public IEnumerable<OptionProblem> Problems()
    {
        if (!IsOn && Apps.Count > 0)
            yield return new("--app", "names an app to stop, and nothing is to be stopped (--freeze none)",
                "Leave one of the two out.");
        if (!IsOn && OnlyWorkers)
            yield return new("--workers", "says which dynos to stop, and nothing is to be stopped (--freeze none)",
                "Leave one of the two out.");
    }
}

public enum FreezeHow
{
    ReadOnly,

    /// <summary>Read-only, and nobody else may connect.</summary>
    Revoke,
}
