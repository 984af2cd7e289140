using Godwit.App.Cli.Screens;
using Godwit.Assess;
using Godwit.Cutover.Switch;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Migration;
using Godwit.Migration.After;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Requests;
using Godwit.Tests.Report;

namespace Godwit.Tests.Migration;

/// <summary>What is left to do after a migration, from its story alone.</summary>
public sealed class AfterListTests
{
    private static readonly string[] Always =
    [
        AfterKeys.FirstBackup, AfterKeys.Schedule, AfterKeys.Availability, AfterKeys.Snapshot, AfterKeys.Firewall,
        AfterKeys.Tokens, AfterKeys.DeleteSource,
    ];

    [Theory]
    [InlineData(58, false)]
    [InlineData(59, true)]
    public void A_backup_of_the_second_of_the_cut_over_counts_though_Heroku_gives_whole_seconds(int second, bool counts)
    {
        var cutOver = new DateTimeOffset(2026, 11, 23, 11, 30, 59, 700, TimeSpan.Zero);
        var backup = new HerokuTransfer("b", CreatedAt: new(2026, 11, 23, 11, 30, second, TimeSpan.Zero));

        Assert.Equal(counts, AfterBackups.IsSince(backup, cutOver));
    }

    [Fact]
    public void A_backup_that_began_before_the_database_was_promoted_is_of_the_former_one()
    {
        var story = Stories.Proven();
        var cutOver = story.Steps.Single(step => step.Name == "cutover");
        Assert.True(cutOver.StartedAt < cutOver.EndedAt);

        Assert.Equal(cutOver.EndedAt, AfterBackups.CutOverOf(story));
    }

    [Fact]
    public void A_database_of_the_owning_app_is_not_taken_for_the_one_that_is_attached_under_the_same_name()
    {
        HerokuRef owner = new("1", "billing"), user = new("2", "shop");
        HerokuAttachedAddon ours = new("a", "postgresql-new", owner), other = new("b", "postgresql-billing", owner);
        HerokuAttachment red = new("x", "HEROKU_POSTGRESQL_RED", owner, ours), used = new("y", "DATABASE", user, ours);
        HerokuAttachment billing = new("z", "DATABASE", owner, other);

        Assert.Equal(["HEROKU_POSTGRESQL_RED"], AfterBackups.NamesOf(ours, "shop", [red, used], [red, billing]));
        Assert.Equal(["DATABASE", "HEROKU_POSTGRESQL_RED"],
            AfterBackups.NamesOf(ours, "shop", [red, used], [red]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_list_is_as_it_was_read()
    {
        var story = With((HerokuTarget.PlanKey.Name, "standard-0"), (PromotePart.FormerKey.Name, "postgresql-old-1"));
        story = story with { Settings = story.Settings with { Switch = new() { EnvFile = "/srv/shop.env" } } };
        using var text = new StringWriter();
        var screen = new AfterScreen(text, story, json: false);
        screen.Tell(new(AfterKeys.FirstBackup, "Heroku has the backup b002 of 2026-11-21 07:00 UTC.", WasDone: false));
        screen.Tell(new(AfterKeys.Schedule, "Heroku makes a backup every day at 02:00 UTC.", WasDone: true));

        screen.Show([.. AfterList.Of(story).Select(Seen)], "postgresql-curved-12345 (standard-0)");

        Golden.Check("after.txt", text.ToString());

        static SeenItem Seen(AfterItem item) => item.Key switch
        {
            AfterKeys.FirstBackup => new(item, AfterState.Done, "b002 of 2026-11-21 07:00 UTC, 7.9 MB"),
            AfterKeys.Schedule => new(item, AfterState.Done, "daily at 02:00 UTC"),
            AfterKeys.Availability or AfterKeys.Pooling => new(item, AfterState.Open, "there is none"),
            AfterKeys.EnvFile => new(item, AfterState.Open, "it is there"),
            _ => new(item, AfterState.Unseen, null),
        };
    }

    [Fact]
    public void What_does_not_apply_is_not_in_the_list()
    {
        var story = Stories.Proven();
        Assert.Equal(Always, Keys(story));
        var wrote = story.Settings with { Switch = new() { EnvFile = "/srv/x" } };
        Assert.Contains(AfterKeys.EnvFile, Keys(story with { Settings = wrote }));
        Assert.Contains(AfterKeys.Attachments, Keys(With((RunStory.OrderedKey.Name, "postgresql-curved-12345"))));
        Assert.Contains(AfterKeys.Pooling, Keys(With((HerokuTarget.PlanKey.Name, "premium-2"))));
        Assert.Equal(Always.Except([AfterKeys.FirstBackup, AfterKeys.Schedule]).Append(AfterKeys.Pooling).Order(),
            Keys(With((HerokuTarget.PlanKey.Name, "shield-0"))).Order());
        // A proxy on this machine, or a server here.
        Assert.DoesNotContain(AfterKeys.Firewall, Keys(With((RunStory.SourceKey.Name, "u@127.0.0.1:5432/shop"))));
    }

    [Fact]
    public void A_run_that_is_not_a_proven_migration_has_no_list()
    {
        Assert.Empty(AfterList.Of(Stories.FailedAndUndone()));
        Assert.Empty(AfterList.Of(Stories.RolledBack()));
        var story = Stories.Proven();
        Assert.Empty(AfterList.Of(story with { Settings = story.Settings with { Rehearsal = RehearsalKind.AddOn } }));
    }

    [Theory]
    [InlineData("essential-1", "Standard plans have followers and pooling")]
    [InlineData("standard-2", "Premium plans have it")]
    [InlineData("premium-0", "includes high availability")]
    public void What_the_plan_offers_against_failures_is_said(string plan, string said)
    {
        var item = Item(With((HerokuTarget.PlanKey.Name, plan)), AfterKeys.Availability);
        Assert.Contains(said, item.Text, StringComparison.Ordinal);
    }

    /// <summary>The plan may have been changed since the move.</summary>
    [Fact]
    public void The_plan_of_now_counts() => Assert.Contains(AfterKeys.Pooling,
        AfterList.Of(With((HerokuTarget.PlanKey.Name, "essential-1")), "standard-0").Select(one => one.Key));

    public static TheoryData<string> Providers =>
        [.. KnownProviders.All.Append(KnownProviders.Unknown).Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Providers))]
    public void Every_provider_has_its_own_way_to_delete_a_server(string name)
    {
        var address = new PostgresAddress { Host = "203.0.113.7", User = "limosa", Database = "limosa" };
        var story = With((AssessStep.ProviderKey.Name, name), (RunStory.SourceKey.Name, $"{address}"));
        var provider = KnownProviders.All.FirstOrDefault(one => one.Name == name) ?? KnownProviders.Unknown;
        var task = provider.Remedies.DeleteDatabase(address);

        var item = Item(story, AfterKeys.DeleteSource);

        Assert.EndsWith(task.Text, item.Text, StringComparison.Ordinal);
        Assert.Equal(task.Commands, item.Commands);
        Assert.Equal(provider.Remedies.CloseNetwork is not null, Keys(story).Contains(AfterKeys.Firewall));
    }

    [Fact]
    public void Without_a_snapshot_that_outlives_the_server_a_dump_is_made()
    {
        var kept = With((RunStory.SourceKey.Name, "limosa@db-1.eu-central-1.rds.amazonaws.com:5432/limosa"));
        var lost = With((RunStory.SourceKey.Name, "limosa@shop.postgres.database.azure.com:5432/limosa"));

        Assert.Equal("aws rds create-db-snapshot --db-instance-identifier db-1 --db-snapshot-identifier db-1-final",
            Item(kept, AfterKeys.Snapshot).Commands[0]);
        Assert.Equal("godwit dump --from env:SOURCE_URL --to ./before-deletion.dump",
            Assert.Single(Item(lost, AfterKeys.Snapshot).Commands));
    }

    [Theory]
    [InlineData("stdin", "--from-stdin")]
    [InlineData("env:SHOP_URL", "--from env:SHOP_URL")]
    [InlineData("file:/srv/the shop.url", "--from env:SOURCE_URL")]
    [InlineData("postgres://shop@db/shop?sslmode=require", "--from env:SOURCE_URL")]
    [InlineData("postgres://shop@db/shop;rm", "--from env:SOURCE_URL")]
    [InlineData("file:/srv/`id`", "--from env:SOURCE_URL")]
    public void A_source_is_named_so_that_a_shell_reads_one_word(string from, string flag) =>
        Assert.Equal(flag, SourceWords.Flag(from));

    [Fact]
    public void A_file_that_is_to_be_removed_is_one_word_too()
    {
        Assert.EndsWith("rm '/srv/the shop.env'", AfterFaults.EnvFileForeign("/srv/the shop.env").Remedy,
            StringComparison.Ordinal);
        Assert.EndsWith("rm /srv/shop.env", AfterFaults.EnvFileStays("/srv/shop.env", "no").Remedy,
            StringComparison.Ordinal);
    }

    private static AfterItem Item(RunStory story, string key) => AfterList.Of(story).Single(one => one.Key == key);

    private static IReadOnlyList<string> Keys(RunStory story) => [.. AfterList.Of(story).Select(one => one.Key)];

    /// <summary>A proven run that remembers this, too.</summary>
    private static RunStory With(params (string Key, string Value)[] more)
    {
        var story = Stories.Proven();
        var memory = story.Memory.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in more)
            memory[key] = value;
        return story with { Memory = memory };
    }
}
