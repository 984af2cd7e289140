using System.CommandLine;
using Godwit.Assess;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Providers;

namespace Godwit.App.Cli.Flags;

/// <summary>What is left out of a dump that goes to a target.</summary>
/// <param name="noClean">What happens without the cleaning.</param>
internal sealed class CleanFlags(
    string noClean = "Leave nothing out of the dump, though the target refuses it and the restore will warn.")
{
    private readonly Option<bool> _noClean = new("--no-clean") { Description = noClean };

    private readonly Option<string[]> _mapRole = new("--map-role")
    {
        Description = "A role of the source in policies, user mappings, owners and grants, "
            + "and what stands in its place: PUBLIC, CURRENT_USER or a role of the target. May be repeated.",
        HelpName = "OLD=NEW", Arity = ArgumentArity.OneOrMore,
    };

    public IReadOnlyList<Option> All => [_noClean, _mapRole];

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        Clean = settings.Clean && !parsed.GetValue(_noClean),
        MapRoles = Roles(parsed) is { Count: > 0 } more ? Joined(settings.MapRoles, more) : settings.MapRoles,
    };

    /// <summary>For an assessment of what a run would do.</summary>
    public AssessRequest Over(AssessRequest wishes, ParseResult parsed) => wishes with
    {
        Cleans = !parsed.GetValue(_noClean),
        RoleMap = RoleMap.Parse(Roles(parsed), out _),
    };

    /// <summary>For a command without a run: the roles that are mapped; null where nothing is left out.</summary>
    public RoleMap? Read(ParseResult parsed) => parsed.GetValue(_noClean) ? null : RoleMap.Parse(Roles(parsed), out _);

    public IEnumerable<OptionProblem> Problems(ParseResult parsed) => Problems(Roles(parsed));

    public static IEnumerable<OptionProblem> Problems(IReadOnlyList<string> roles)
    {
        RoleMap.Parse(roles, out var wrong);
        return wrong.Select(one => new OptionProblem("--map-role", $"is '{one}'",
            "Write it as OLD=NEW, for example rds_superuser=CURRENT_USER, and each OLD once."));
    }

    private IReadOnlyList<string> Roles(ParseResult parsed) => parsed.GetValue(_mapRole) ?? [];

    /// <summary>Said again, a role is mapped anew.</summary>
    private static IReadOnlyList<string> Joined(IReadOnlyList<string> before, IReadOnlyList<string> more)
    {
        static string Old(string text) => text.Split('=')[0];
        var again = more.Select(Old).ToHashSet(StringComparer.Ordinal);
        return [.. before.Where(one => !again.Contains(Old(one))), .. more];
    }
}
