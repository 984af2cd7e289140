using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Migration;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>Versions of source, target and pg_dump that do not go together, or not for long.</summary>
public sealed class VersionTests(OtherServers servers, JourneyServers journeys)
{
    [Fact]
    public async Task A_source_newer_than_its_target()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(16));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");

        var finding = await rig.FindsAsync("assess.source_newer", target: app.Target);

        Assert.Contains($"heroku:{app.App} runs PostgreSQL 15", finding.Why, StringComparison.Ordinal);
        Assert.Contains("--accept assess.source_newer", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_newer_than_anything_Heroku_offers()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(18));

        Assert.Contains("Heroku offers PostgreSQL 17 at most", (await rig.FindsAsync("assess.source_newer")).Why,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_is_worth_a_note_and_not_a_blocker()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(13));
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));

        Assert.Contains("over 2 major versions, from PostgreSQL 13 to 15", (await rig.FindsAsync("assess.upgrade",
            target: new PostgresTarget(target.Address))).What, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.source_newer", target: new PostgresTarget(target.Address));
        await rig.FindsNoAsync("assess.archive_too_new", target: new PostgresTarget(target.Address));
    }

    [Fact]
    public async Task A_source_older_than_what_Heroku_offers()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));

        var finding = await rig.FindsAsync("assess.source_not_offered", change: At(2026, 11, 21));

        Assert.Contains("still offers 16, 17; the new database gets 17", finding.Why, StringComparison.Ordinal);
        Assert.Contains("--pg-version", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains("the new database gets 16", (await rig.FindsAsync("assess.source_not_offered",
            new AssessRequest { PgVersion = 16 }, change: At(2026, 11, 21))).Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.source_not_offered", change: At(2026, 5, 1));
    }

    [Fact]
    public async Task A_version_that_is_asked_for_is_that_of_a_database_to_be_ordered()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");

        Assert.Contains("PostgreSQL 15", (await rig.FindsAsync(
            "assess.pg_version", new AssessRequest { PgVersion = 16 }, app.Target)).Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.pg_version", new AssessRequest { PgVersion = 15 }, app.Target);
    }

    private static Func<AssessParts, AssessParts> At(int year, int month, int day) =>
        parts => parts with { Clock = new FixedClock(year, month, day) };

    [Fact]
    public async Task Equal_versions_are_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");

        var assessment = await rig.AssessAsync(target: app.Target,
            change: parts => parts with { Clock = new FixedClock(2026, 11, 21) });

        Assert.All(["assess.source_newer", "assess.upgrade", "assess.archive_too_new", "assess.source_end_of_life",
            "assess.target_end_of_life"],
            code => Assert.DoesNotContain(assessment.Findings, finding => finding.Code == code));
    }

    /// <summary>Archives of pg_dump 17 have a format that PostgreSQL 15 cannot read; a machine that has only that one
    /// makes one all the same.</summary>
    [Fact]
    public async Task A_pg_dump_that_is_too_new_for_the_target()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        var newest = new PgTools(name => name switch
        {
            "GODWIT_PG_ROOT" => "/nonexistent",
            "GODWIT_PG_BIN_17" => OtherServers.ClientFolder(17),
            _ => null,
        });

        var finding = await rig.FindsAsync("assess.archive_too_new", target: app.Target,
            change: parts =>
                parts with
                {
                    FindDumperAsync = AssessTools.Dumper(rig.Address, newest,
                    new ProcessRunner(TimeProvider.System))
                });

        Assert.Contains("pg_dump 17", finding.What, StringComparison.Ordinal);
        Assert.Contains("1.16", finding.Why, StringComparison.Ordinal);
        Assert.Contains("postgresql-client-15", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.archive_too_new", target: app.Target);
    }

    /// <summary>What one of these says of its version is ours here: which minors a machine has, nobody knows
    /// before.</summary>
    [Fact]
    public async Task A_pg_dump_that_is_older_than_the_minor_release_of_its_server()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(16));
        await using var session = await PostgresSession.OpenAsync(rig.Address, TestContext.Current.CancellationToken);
        var (major, minor) = (session.ServerVersion.Major, session.ServerVersion.Minor);

        var finding = await rig.FindsAsync("assess.pg_dump_older",
            change: parts => parts with { FindDumperAsync = Dumper(minor - 1) });

        Assert.Equal($"pg_dump {major}.{minor - 1} is older than the source, which runs PostgreSQL {major}.{minor}",
            finding.What);
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains($"apt install --only-upgrade postgresql-client-{major}", finding.Remedy,
            StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.pg_dump_older", change: parts => parts with { FindDumperAsync = Dumper(minor) });

        Func<int, CancellationToken, Task<AssessDumper>> Dumper(int at) =>
            (_, _) => Task.FromResult(new AssessDumper($"pg_dump {major}.{at}", new Version(major, at)));
    }

    [Fact]
    public async Task A_machine_without_pg_dump()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var none = new PgTools(name => name == "GODWIT_PG_ROOT" ? "/nonexistent" : null);

        var finding = await rig.FindsAsync("postgres.tools_missing", change: parts =>
            parts with
            {
                FindDumperAsync = AssessTools.Dumper(rig.Address, none,
                new ProcessRunner(TimeProvider.System))
            });

        Assert.Equal(FaultKind.Refused, finding.Fault!.Kind);
    }

    [Theory]
    [InlineData(13, 2025, 11, 12, "gets its last release on 2025-11-13")]
    [InlineData(13, 2026, 11, 21, "got its last release on 2025-11-13")]
    [InlineData(15, 2027, 6, 1, "gets its last release on 2027-11-11")]
    public async Task A_source_at_the_end_of_its_life(int major, int year, int month, int day, string told)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));

        var finding = await rig.FindsAsync("assess.source_end_of_life",
            change: parts => parts with { Clock = new FixedClock(year, month, day) });

        Assert.Contains(told, finding.Why, StringComparison.Ordinal);
        Assert.Contains("The move brings the database to PostgreSQL 17", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_Heroku_is_about_to_retire()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        using var app = await AppRig.CreateAsync(journeys, "essential-0");
        var elsewhere = app.TargetElsewhere;

        var finding = await rig.FindsAsync("assess.target_end_of_life", target: elsewhere,
            change: parts => parts with { Clock = new FixedClock(2026, 4, 2) });

        Assert.Contains("by 2026-10-01", finding.Why, StringComparison.Ordinal);
        Assert.Contains($"--app {app.App} -- --version 17", finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.target_end_of_life", target: elsewhere,
            change: parts => parts with { Clock = new FixedClock(2026, 3, 31) });
    }
}
