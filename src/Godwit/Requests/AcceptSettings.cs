using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Requests;

/// <summary>What the user accepted beforehand.</summary>
public sealed record AcceptSettings
{
    [JsonPropertyName("accept")]
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>May differ: <c>SCHEMA.NAME</c>.</summary>
    [JsonPropertyName("accept_views")]
    public IReadOnlyList<string> Views { get; init; } = [];

    /// <summary>The source is asked later whether it has such views.</summary>
    public IEnumerable<OptionProblem> Problems() =>
        Views.Where(name => MaterializedViewName.TryParse(name) is null)
            .Select(name => new OptionProblem("--accept-view", $"is '{name}'",
                "Write it as SCHEMA.NAME, for example --accept-view public.totals."));
}
