using System.Text;
using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Targets;
using Npgsql;

namespace Godwit.EndToEnd.Assess;

/// <summary>What an assessment says when there is little to look at, and when it could not look.</summary>
public sealed class BasicsTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_without_tables_may_be_the_wrong_one()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));

        Assert.Equal(Severity.Warning, (await rig.FindsAsync("assess.no_tables")).Severity);
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.one (id int PRIMARY KEY)");
        await rig.FindsNoAsync("assess.no_tables");
    }

    [Fact]
    public async Task That_no_target_was_named_is_said()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));

        await rig.FindsAsync("assess.no_target");
        await rig.FindsNoAsync("assess.no_target", target: new PostgresTarget(target.Address));
    }

    /// <summary>No server that old is to be had here, so one of 13 is heard as one of 11.</summary>
    [Fact]
    public async Task A_server_older_than_12_cannot_be_moved()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(13));
        await rig.FindsNoAsync("assess.too_old");
        await using (var line = new TcpLine(rig.Server.Port) { Mishears = (Version("13"), Version("11")) })
        {
            rig.Via = rig.Address with { Port = line.Port, Ssl = SslMode.Disable };

            Assert.Equal(Severity.Blocker, (await rig.FindsAsync("assess.too_old")).Severity);
        }

        // As the server tells it at login.
        static byte[] Version(string major) => Encoding.ASCII.GetBytes($"server_version\0{major}.");
    }

    [Fact]
    public async Task Texts_that_may_not_be_read_are_not_taken_for_convertible()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15),
            "ENCODING 'LATIN1' LOCALE 'C'");
        await using var target = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.open (t text)");
        var (deep, there) = (new AssessRequest { IsDeep = true }, new PostgresTarget(target.Address));
        await rig.FindsNoAsync("assess.encoding_unread", deep, there);
        await rig.ExecuteAsync("CREATE TABLE public.closed (t text)");

        Assert.Contains("public.closed", (await rig.FindsAsync("assess.encoding_unread", deep, there)).What,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_could_not_look_is_a_blocker_and_the_others_look_all_the_same()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));

        var assessment = await rig.AssessAsync(checks:
        [
            new Fails("asks what is refused",
                world => world.Source.ExecuteAsync("SELECT * FROM pg_catalog.pg_authid", Ct)),
            new Fails("has a mistake", world =>
                throw new InvalidOperationException($"of postgres://app:s3cr3t@{world.Source.Address.Host}/shop")),
            new Fails("is needed", world => world.Source.ExecuteAsync("SELECT * FROM pg_catalog.pg_authid", Ct))
            {
                IsVital = true,
            },
            .. Assessment.AllChecks,
        ]);

        var refused = Assert.Single(assessment.Blockers, finding => finding.Code == "assess.unchecked");
        Assert.Contains("asks what is refused", refused.What, StringComparison.Ordinal);
        Assert.Contains("permission denied", refused.Why, StringComparison.Ordinal);
        var failed = Assert.Single(assessment.Blockers, finding => finding.Code == "assess.check_failed");
        Assert.Contains("has a mistake", failed.What, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", failed.Why, StringComparison.Ordinal);
        Assert.Equal([false, false, false], assessment.Checks.Take(3).Select(check => check.CouldLook));
        Assert.All(assessment.Checks.Skip(3), check => Assert.True(check.CouldLook, check.Name));
        Assert.Contains("is needed", Assert.Single(assessment.Blockers,
            finding => finding.Code == "assess.vital_unchecked").What, StringComparison.Ordinal);
        Assert.DoesNotContain("assess.vital_unchecked", Assessment.Acceptable);
        await rig.FindsNoAsync("assess.unchecked");
        await rig.FindsNoAsync("assess.check_failed");
    }

    /// <summary>An internal error of the server closes the driver's session, which all checks share.</summary>
    [Theory]
    [InlineData("SELECT pg_catalog.pg_sequence_last_value(1)")]
    [InlineData("SELECT * FROM gone")]
    [InlineData("SELECT pg_catalog.has_table_privilege(1::pg_catalog.oid, 'SELECT')")]
    public async Task A_check_that_meets_something_dropped_meanwhile_looks_once_more(string missing)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var (once, always) = (0, 0);

        var assessment = await rig.AssessAsync(checks:
        [
            new Fails("meets it once", world => once++ == 0 ? AskAsync(world) : Task.CompletedTask),
            new Fails("meets it always", world => { always++; return AskAsync(world); }),
            .. Assessment.AllChecks,
        ]);

        Assert.Equal([true, false], assessment.Checks.Take(2).Select(check => check.CouldLook));
        Assert.Equal((2, 2), (once, always));
        Assert.All(assessment.Checks.Skip(2), check => Assert.True(check.CouldLook, check.Name));
        Assert.Contains("meets it always", Assert.Single(assessment.Findings,
            finding => finding.Code is "assess.unchecked" or "assess.check_failed").What, StringComparison.Ordinal);
        Assert.Single(assessment.Facts, fact => fact.Key == "source");
        // The words are the provider's (ProviderTests).
        Assert.Equal("Take a backup or snapshot at your provider, and see it finished.",
            assessment.Facts.Single(fact => fact.Key == "backup first").Value);

        Task AskAsync(AssessWorld world) => world.Source.RowsAsync(missing, row => row.GetBoolean(0), Ct);
    }

    /// <summary>An older snapshot shows a table that the functions of the catalogs do not find any more.</summary>
    [Fact]
    public async Task A_table_that_is_dropped_while_tables_are_listed_is_not_listed()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.stays (a integer); CREATE TABLE public.goes (a integer)");
        await using var session = await PostgresSession.OpenAsync(rig.Address, Ct);
        await session.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", Ct);
        await rig.ExecuteAsync("DROP TABLE public.goes");

        Assert.Equal(["public.stays"], (await ServerCatalog.TablesAsync(session, Ct)).Select(table => table.Name));
    }

    private sealed class Fails(string name, Func<AssessWorld, Task> run) : ICheck
    {
        public string Name => name;

        public IReadOnlyList<string> Acceptable => [];

        public bool IsVital { get; init; }

        public Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct) => run(world);
    }
}
