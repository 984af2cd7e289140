using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Providers;

namespace Godwit.Requests;

public sealed record CleanSettings
{
    /// <summary>What the target would refuse is left out.</summary>
    [JsonPropertyName("clean")]
    public bool IsOn { get; init; } = true;

    /// <summary><c>OLD=NEW</c>: a role of the source, and its replacement at the target.</summary>
    public IReadOnlyList<string> MapRoles { get; init; } = [];

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
