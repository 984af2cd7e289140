// After: what is left to do after a proven migration, and the parts of it that Godwit does on request.
//
// The list is made from the run's story alone, so that the report can end with it; `godwit after` makes the same list
// and asks Heroku for each item's state. After is a part of Migration because it needs what several stages remember:
// the former database, the file with the URL, the provider. It writes no journal: what is done is asked each time.
using Godwit.Assess;
using Godwit.Cutover.Switch;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Storage;
using Godwit.Targets;

namespace Godwit.Migration.After;

/// <summary>First what protects the new database, last what cannot be undone; the tokens when no other item needs them
/// any more.</summary>
public static class AfterList
{
    // An hour at which most applications are quiet.
    private const string QuietHour = "02:00 UTC";

    /// <param name="planNow">Short name of the database's plan; null: as during the run.</param>
    /// <returns>Only items that apply; none for a rehearsal or a run that is not proven.</returns>
    public static IReadOnlyList<AfterItem> Of(RunStory story, string? planNow = null)
    {
        if (story.Outcome != RunOutcome.Proven || story.Settings.Rehearsal is not null)
            return [];
        var facts = Facts.Of(story, planNow);
        AfterItem?[] all =
        [
            .. facts.IsAtHeroku
                ? (AfterItem?[])[FirstBackup(facts), Schedule(facts), Availability(facts), Pooling(facts)] : [],
            EnvFile(facts), facts.IsAtHeroku ? Attachments(facts) : null,
            // A dump needs the network open.
            Snapshot(facts), Firewall(facts), Tokens(facts), DeleteSource(facts),
        ];
        return [.. all.OfType<AfterItem>()];
    }

    private static AfterItem? FirstBackup(Facts facts) => !facts.HasBackups ? null : new(AfterKeys.FirstBackup,
        "Make the first backup of the new database at Heroku: the old provider's backups do not hold what is written "
        + $"from now on.{facts.SizeAdvice}",
        $"godwit after {facts.RunId} --backup");

    private static AfterItem? Schedule(Facts facts) => !facts.HasBackups ? null : new(AfterKeys.Schedule,
        "Let Heroku make a backup every day, at an hour at which the application is quiet.",
        $"godwit after {facts.RunId} --schedule-backups '{QuietHour}'");

    private static AfterItem Availability(Facts facts) => facts.Tier switch
    {
        PlanTier.Unknown => new(AfterKeys.Availability,
            "See what the plan offers against a failure of the database: Standard plans have followers, Premium plans "
            + "high availability too.",
            $"heroku pg:info DATABASE_URL --app {facts.App}"),
        PlanTier.Essential => new(AfterKeys.Availability,
            $"{facts.Plan} has no followers, no high availability and no connection pooling. Standard plans have "
            + "followers and pooling, Premium plans high availability too. To change the plan, follow Heroku's article "
            + "(https://devcenter.heroku.com/articles/migrating-data-between-plans)."),
        PlanTier.Standard => new(AfterKeys.Availability,
            $"{facts.Plan} has no high availability; Premium plans have it. A follower, which costs as much as its "
            + "plan, is a copy that can be promoted when the database fails, and that can be read from.",
            $"heroku addons:create heroku-postgresql:{facts.Plan} --app {facts.App} -- --follow DATABASE_URL"),
        _ => new(AfterKeys.Availability,
            $"{facts.Plan} includes high availability: see that its HA Status is Available.",
            $"heroku pg:info DATABASE_URL --app {facts.App}"),
    };

    private static AfterItem? Pooling(Facts facts)
    {
        if (facts.Tier is PlanTier.Unknown or PlanTier.Essential)
            return null;
        return new(AfterKeys.Pooling,
            "If the application opens many connections, let it use Heroku's connection pool: the command gives it the "
            + "config var DATABASE_CONNECTION_POOL_URL.",
            $"heroku pg:connection-pooling:attach DATABASE_URL --as {HerokuPromotions.Pool} --app {facts.App}");
    }

    private static AfterItem? EnvFile(Facts facts) => facts.Story.Settings.Switch.EnvFile is not { } path ? null : new(
        AfterKeys.EnvFile,
        $"Remove {path} when its programs have the new URL from elsewhere: it holds the new database's password.",
        $"godwit after {facts.RunId} --remove-env-file");

    private static AfterItem? Attachments(Facts facts)
    {
        var remove = $"godwit after {facts.RunId} --remove-attachments";
        if (facts.Former is { } former)
        {
            return new(AfterKeys.Attachments,
                $"The former database {former} is still attached to {facts.App}. The first command detaches it, except "
                + $"for the one name that Heroku keeps while {facts.App} pays for it; Heroku restarts {facts.App} for "
                + "each name. `godwit rollback` needs one name. The second command destroys the former database with "
                + "its backups; it costs money until then.",
                remove, $"heroku addons:destroy {former} --app {facts.App}");
        }

        return !facts.IsOrdered ? null : new(AfterKeys.Attachments,
            $"The new database has a second name at {facts.App} from the time before the cut-over (NEW_DATABASE). "
            + $"Remove it when nothing uses NEW_DATABASE_URL; Heroku restarts {facts.App} then.",
            remove);
    }

    private static AfterItem? Firewall(Facts facts)
    {
        // Nothing was opened to reach a server or proxy on this machine.
        if (facts.Source.IsLoopback || facts.Provider.Remedies.CloseNetwork is not { } close)
            return null;
        var task = close(facts.Source);
        return new(AfterKeys.Firewall,
            $"Close what was opened in the source's network for the move. {task.Text} A last dump of the old "
            + "database and `godwit rollback` need it open.",
            task.Commands);
    }

    private static AfterItem Tokens(Facts facts) => !facts.IsAtHeroku ? new(AfterKeys.Tokens,
        "Revoke what was made for the move: users that were made for Godwit at the source and at the target"
        + (facts.StoreWithKeys is { } used ? $", and the access keys of {used}" : "") + ".") : new(AfterKeys.Tokens,
        "Revoke what was made for the move: Heroku's token (the first command lists them with their ids)"
        + (facts.StoreWithKeys is { } store ? $", the access keys of {store}" : "")
        + ", and a user that was made for Godwit at the source. Do it after the items above: Godwit needs the token "
        + "for this list.",
        "heroku authorizations", "heroku authorizations:revoke ID");

    private static AfterItem Snapshot(Facts facts)
    {
        if (facts.Provider.Remedies.FinalSnapshot is { } snapshot)
        {
            var task = snapshot(facts.Source);
            return new(AfterKeys.Snapshot, $"Make a last snapshot of the old database. {task.Text}", task.Commands);
        }

        return new(AfterKeys.Snapshot,
            "Make a last dump of the old database, and keep it where it outlives the old server: a provider's own "
            + "backups are mostly deleted with the server. The command only reads the source.",
            $"godwit dump {SourceWords.Flag(facts.Story.Settings.From)} --to ./before-deletion.dump");
    }

    private static AfterItem DeleteSource(Facts facts)
    {
        var task = facts.Provider.Remedies.DeleteDatabase(facts.Source);
        return new(AfterKeys.DeleteSource,
            $"Delete the old database ({facts.SourceName}) when you are sure. After that there is no way back: `godwit "
            + "rollback` needs it. Check first that nothing else of yours is on the same server. " + task.Text,
            task.Commands);
    }

    private enum PlanTier
    {
        Unknown,
        Essential,
        Standard,

        /// <summary>Premium, Private and Shield.</summary>
        Available,
    }

    // What the list depends on.
    private sealed record Facts(
        RunStory Story, string App, string? Plan, string SourceName, PostgresAddress Source, Provider Provider)
    {
        public string RunId => Story.RunId;

        /// <summary>The new database is an app's.</summary>
        public bool IsAtHeroku => AfterTarget.AppOf(Story) is not null;

        public string? Former => Story.Recall(PromotePart.FormerKey);

        /// <summary>The run ordered the database, so it had another name before it was promoted.</summary>
        public bool IsOrdered => Story.Recall(RunStory.OrderedKey) is not null;

        public bool HasBackups => Plan is null || BackupRouteLimits.HasRestore(Plan);

        public PlanTier Tier => Plan?.Split('-')[0] switch
        {
            null => PlanTier.Unknown,
            "essential" => PlanTier.Essential,
            "standard" => PlanTier.Standard,
            "premium" or "private" or "shield" => PlanTier.Available,
            _ => PlanTier.Unknown,
        };

        public string SizeAdvice =>
            Story.Recall(AssessStep.SourceBytesKey) > BackupRouteLimits.AdviceBytes
                ? " Heroku advises its backups for up to 20 GB; a larger database is safer with a dump of its own "
                    + "(`godwit dump`) beside Heroku's continuous protection."
                : "";

        /// <summary>Null: there is no store, or it is a folder of this machine.</summary>
        public string? StoreWithKeys => Story.Settings.Store.Address is { } via and not StoreAddress.Disk
            ? $"{via}" : null;

        public static Facts Of(RunStory story, string? planNow)
        {
            var name = story.Source;
            // The source is a socket's folder, or the journal lacks it: the commands then have placeholders.
            var source = PostgresAddress.Read(name) ?? new() { Host = "HOST", User = "USER", Database = "DATABASE" };
            var known = story.Recall(AssessStep.ProviderKey);
            var provider = KnownProviders.All.FirstOrDefault(one => one.Name == known)
                ?? (known is null ? ProviderRecognition.OfAddress(source) : null) ?? KnownProviders.Unknown;
            return new(story, AfterTarget.AppOf(story) ?? "",
                planNow ?? story.Recall(ChosenAddOn.PlanKey), name, source, provider);
        }
    }
}
