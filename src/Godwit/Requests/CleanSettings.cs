using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Providers;

namespace Godwit.Requests;

/// <summary>What is left out of the copy for a target.</summary>
public sealed record CleanSettings
{
    /// <summary>What the target would refuse is left out.</summary>
    [JsonPropertyName("clean")]
    public bool IsOn { get; init; } = true;

    /// <summary>Roles of the source and their replacements at the target: <c>OLD=NEW</c>.</summary>
    public IReadOnlyList<string> MapRoles { get; init; } = [];

    /// <summary><see cref="MapRoles"/>, parsed.</summary>
    [JsonIgnore]
    public RoleMap Roles => RoleMap.Parse(MapRoles, out _);

    /// <summary>Null: nothing is left out.</summary>
    [JsonIgnore]
    public RoleMap? RolesIfOn => IsOn ? Roles : null;

    public IEnumerable<OptionProblem> Problems()
    {
        RoleMap.Parse(MapRoles, out var wrong);
        return wrong.Select(one => new OptionProblem("--map-role", $"is '{one}'",
            "Write it as OLD=NEW, for example rds_superuser=CURRENT_USER, and each OLD once."));
    }
}
