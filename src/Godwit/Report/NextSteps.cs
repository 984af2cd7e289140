using Godwit.Faults;
using Godwit.Journal;
using Godwit.Requests;

namespace Godwit.Report;

/// <summary>What the user does now, in order, with the commands.</summary>
internal static class NextSteps
{
    private const string HerokuScheme = "heroku:";

    public static IEnumerable<NextStep> Of(RunStory story, Downtime downtime)
    {
        if (story.Settings.Rehearsal is not null)
            return OfRehearsal(story);
        var causes = story.Outcome is RunOutcome.Proven or RunOutcome.RolledBack || story.Fault is null
            ? []
            : (IEnumerable<NextStep>)[new(story.Fault.Remedy, null)];
        IEnumerable<NextStep> hurry = downtime.IsOver || story.Outcome is not RunOutcome.NeedsAPerson
            ? []
            : [new("Writes are still stopped. Decide soon whether to resume or to roll back.", null)];
        return hurry.Concat(causes).Concat(story.Outcome switch
        {
            RunOutcome.Proven => AfterSuccess(story),
            RunOutcome.Refused => [new("When the cause is removed, resume the run:", $"godwit resume {story.RunId}")],
            RunOutcome.FailedAndUndone =>
                [new("Your application runs as before; there is no hurry. When the cause is removed, resume the run:",
                    $"godwit resume {story.RunId}")],
            RunOutcome.NeedsAPerson => ForAPerson(story),
            RunOutcome.RolledBack =>
                [new("Your application runs as before. To try again:", $"godwit resume {story.RunId}")],
            _ => Unfinished(story),
        });
    }

    // A rehearsal is not resumed: its view of the source ended with its process.
    private static IEnumerable<NextStep> OfRehearsal(RunStory story)
    {
        if (story.Outcome is RunOutcome.Open or RunOutcome.NeedsAPerson)
        {
            yield return new("See how far it got:", $"godwit status {story.RunId}");
            yield return new("If its process is gone, remove what was made for it:", $"godwit rollback {story.RunId}");
            yield break;
        }

        if (story.Outcome != RunOutcome.Rehearsed && RehearsalWords.Of(story, story.Fault) is { } fault)
            yield return new(fault.Remedy, null);
        if (story.Outcome == RunOutcome.Rehearsed)
            yield return new("Look at what a migration would do, then begin it with the same flags:",
                $"godwit migrate --from {story.Settings.From} --to {story.Settings.To}{Way(story)} --dry-run");
        else
            yield return new("When the cause is removed, rehearse again:",
                $"godwit rehearse --from {story.Settings.From} --to {story.Settings.To}{Way(story)}");
    }

    // Flags for a route and a store that the user named; Godwit's own choice is made again.
    private static string Way(RunStory story) =>
        (story.Settings is { RouteOrUsual: not RunSettings.UsualRoute and var route, RouteWhy: null }
            ? $" --route {route}" : "")
        + (story.Settings.Dump.Flags.Contains("--via") ? $" --via {ShellWord.Of(story.Settings.Store.Via)}" : "");

    private static IEnumerable<NextStep> AfterSuccess(RunStory story)
    {
        if (App(story.Settings.To) is { } app)
        {
            yield return new("Look at the new database:", $"heroku pg:info --app {app}");
            yield return new("Watch the application for errors:", $"heroku logs --tail --app {app}");
        }
        else
        {
            yield return new(
                "Point whatever uses the database to the new one, as far as the run has not done it: the old one "
                + "refuses its writes.", null);
        }

        yield return new("If the application does not work on the new database, roll back. Godwit compares both "
            + "sides first. Rollback is refused if the new database has newer data:", $"godwit rollback {story.RunId}");
        var backups = App(story.Settings.To) is null ? "" : "backups at Heroku, ";
        yield return new($"See what is left to do ({backups}tokens to revoke, the old server's firewall and "
            + "deletion, …), with the commands:", $"godwit after {story.RunId}");
        yield return new(story.Settings.Freeze.IsOn
            ? "Keep the old database until you are sure. It refuses writes, so nobody changes it by mistake. "
                + "Delete it with your provider when you no longer need it."
            : "Keep the old database until you are sure, and see that nobody writes to it. "
                + "Delete it with your provider when you no longer need it.", null);
    }

    private static IEnumerable<NextStep> ForAPerson(RunStory story)
    {
        foreach (var step in story.Steps)
        {
            if (step.UndoFault is { } left)
                yield return new($"Put back by hand what {step.Name} changed ({left.What}: {left.Why}). {left.Remedy}",
                    null);
        }

        yield return new("See how far it got:", $"godwit status {story.RunId}");
        foreach (var step in OnOrBack(story, "Resume:"))
            yield return step;
    }

    // A rollback that also destroys the new database is offered so again: otherwise the database would stay and cost
    // money.
    private static IEnumerable<NextStep> OnOrBack(RunStory story, string goOn)
    {
        if (story.DropsTarget && App(story.Settings.To) is { } app)
        {
            yield return new("Finish the rollback, and destroy what the run created at Heroku:",
                $"godwit rollback {story.RunId} --drop-target --confirm {app}");
            yield return new("Or resume the migration instead:", $"godwit resume {story.RunId}");
            yield break;
        }

        yield return new(goOn, $"godwit resume {story.RunId}");
        yield return new("Or roll back:", $"godwit rollback {story.RunId}");
    }

    private static IEnumerable<NextStep> Unfinished(RunStory story)
    {
        yield return new("See whether it makes progress:", $"godwit status {story.RunId}");
        foreach (var step in OnOrBack(story, "If its process is gone, resume it:"))
            yield return step;
    }

    // The app of heroku:APP/ATTACHMENT; null for another target.
    private static string? App(string target) =>
        target.StartsWith(HerokuScheme, StringComparison.Ordinal) ? target[HerokuScheme.Length..].Split('/')[0] : null;
}
