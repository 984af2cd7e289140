using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>Rewords the remedies of steps, which are for a migration that is resumed. A rehearsal is begun again: its
/// view of the source ended with its process.</summary>
internal static partial class RehearsalWords
{
    /// <summary>Reworded only if the run is a rehearsal.</summary>
    public static Fault? Of(RunStory story, Fault? fault) =>
        fault is null || story.Settings.Rehearsal is null ? fault : fault with { Remedy = Of(fault.Remedy) };

    internal static string Of(string remedy)
    {
        // Remedies for a migration alone stay as they are.
        var words = ResumeHint().Replace(remedy, match => IsUpper(match) ? "Rehearse again" : "rehearse again");
        words = WithFlags().Replace(words, match => $"rehearse again with {match.Groups["flags"].Value}");
        return Plain().Replace(words, match => IsUpper(match) ? "Rehearse again" : "rehearse again");
    }

    private static bool IsUpper(Match match) => char.IsUpper(match.Value[0]);

    // "go on with: godwit resume", "Try again with: godwit resume RUN"
    [GeneratedRegex(
        @"(?:[Gg]o on with|[Gg]o on|[Tt]ry again with):? `?godwit resume(?: [0-9][\w-]+)?`?(?! (?:--|[0-9]))")]
    private static partial Regex ResumeHint();

    [GeneratedRegex(@"`?godwit resume(?: [0-9][\w-]+)? (?<flags>--[a-z-]+ [^\s.;)`]+(?:\.[^\s.;)`]+)*)`?")]
    private static partial Regex WithFlags();

    // "run godwit resume", "Then run: godwit resume"; not "a migration goes on with `godwit resume`".
    [GeneratedRegex(@"[Rr]un:? `?godwit resume`?")]
    private static partial Regex Plain();
}
