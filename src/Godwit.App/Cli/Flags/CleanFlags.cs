using System.CommandLine;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>What is left out of a dump for a target.</summary>
/// <param name="noClean">Describes <c>--no-clean</c>.</param>
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

    /// <summary>Flags that are not given change nothing.</summary>
    public CleanSettings Over(CleanSettings settings, ParseResult parsed) => settings with
    {
        IsOn = settings.IsOn && !parsed.GetValue(_noClean),
        MapRoles = parsed.GetValue(_mapRole) is { Length: > 0 } more
            ? Joined(settings.MapRoles, more) : settings.MapRoles,
    };

    /// <summary>For a command without a run.</summary>
    public CleanSettings Read(ParseResult parsed) => Over(new(), parsed);

    // A role given again replaces its mapping.
    private static IReadOnlyList<string> Joined(IReadOnlyList<string> before, IReadOnlyList<string> more)
    {
        static string Old(string text) => text.Split('=')[0];
        var again = more.Select(Old).ToHashSet(StringComparer.Ordinal);
        return [.. before.Where(one => !again.Contains(Old(one))), .. more];
    }
}
