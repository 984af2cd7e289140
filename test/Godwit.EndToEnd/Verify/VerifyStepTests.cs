using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Verify;
using Godwit.Verify.Schema;

namespace Godwit.EndToEnd.Verify;

/// <summary>The verify step of a run, between the restore and the cut-over.</summary>
public sealed class VerifyStepTests(OtherServers servers, JourneyServers journeys)
{
    private static string VerdictOf(VerifyRig rig) => Path.Combine(rig.Folder, "verdict.json");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Equal_databases_let_the_run_go_on_and_leave_their_verdict()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));

        var (evidence, events) = await RunAsync(rig);

        Assert.Contains("the same 4 tables with the same 2,450 rows", evidence.Claim, StringComparison.Ordinal);
        Assert.Contains("64-bit checksums", evidence.Proof, StringComparison.Ordinal);
        Assert.Equal(Overall.Proven, VerdictJson.Find(VerdictOf(rig))?.Overall);
        Assert.Equal(4, events.OfType<ItemCompared>().Last().Done);
    }

    /// <summary>The number of rows is the same, so counting would not find it.</summary>
    [Fact]
    public async Task One_other_value_stops_the_run_and_is_named()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtTargetAsync("UPDATE customers SET balance = '1.00' WHERE id = 1");

        var fault = (await Assert.ThrowsAsync<FaultException>(() => RunAsync(rig))).Fault;

        Assert.Equal("verify.different", fault.Code);
        Assert.Contains("public.customers (0 missing, 0 extra, 1 changed)", fault.Why, StringComparison.Ordinal);
        Assert.Contains(VerdictOf(rig), fault.Remedy, StringComparison.Ordinal);
        Assert.Equal("balance",
            Assert.Single(Assert.Single(VerdictJson.Find(VerdictOf(rig))!.Differing).Rows!.Shown).Columns[0].Column);
    }

    [Fact]
    public async Task What_cannot_be_proven_stops_the_run_unless_a_person_takes_it_on()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtSourceAsync("CREATE TABLE hidden (id integer); REVOKE ALL ON hidden FROM CURRENT_USER");
        await rig.AtTargetAsync("CREATE TABLE hidden (id integer); REVOKE ALL ON hidden FROM CURRENT_USER");

        Assert.Equal("verify.not_proven", (await Assert.ThrowsAsync<FaultException>(() => RunAsync(rig))).Fault.Code);
        var (_, events) = await RunAsync(rig, "verify.not_proven");

        Assert.Equal(["verify.not_compared", "verify.not_proven"], events.OfType<Observed>().Select(seen => seen.Code));
        Assert.Contains("public.hidden", events.OfType<Observed>().First().What, StringComparison.Ordinal);
    }

    /// <summary>A platform may add objects of its own to a database. Different rows can never be accepted, nor a
    /// sequence that would give out used numbers.</summary>
    [Fact]
    public async Task Only_a_schema_that_differs_can_be_taken_on()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        await rig.AtTargetAsync("CREATE INDEX of_the_platform ON log (msg)");

        var fault = (await Assert.ThrowsAsync<FaultException>(() => RunAsync(rig))).Fault;
        Assert.Equal("verify.schema_different", fault.Code);
        Assert.Contains("index public.of_the_platform (only at the target)", fault.Why, StringComparison.Ordinal);
        var (_, events) = await RunAsync(rig, "verify.schema_different");
        Assert.Contains(events.OfType<Observed>(),
            seen => seen is { Code: "verify.schema_different", Severity: Severity.Warning });

        await rig.AtTargetAsync("SELECT setval('numbers', 3)");
        Assert.Equal("verify.different",
            (await Assert.ThrowsAsync<FaultException>(() => RunAsync(rig, "verify.schema_different"))).Fault.Code);
        await rig.AtTargetAsync("SELECT setval('numbers', 70); DELETE FROM log");
        Assert.Equal("verify.different",
            (await Assert.ThrowsAsync<FaultException>(() => RunAsync(rig, "verify.schema_different"))).Fault.Code);
    }

    [Fact]
    public async Task A_migration_shows_its_proof_in_the_report_and_in_its_status()
    {
        await using var rig = await GodwitRig.CreateAsync(journeys);

        (await rig.RunAsync([.. rig.Migrate, "--verify", "rows"])).Expect(0);

        var page = await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.html"), Ct);
        Assert.Contains("every row of every table, one by one", page, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(rig.RunFolders[0], "verdict.json")));
        (await rig.RunAsync("status", rig.RunId))
            .Expect(0).Says("the target holds what the source holds").Says("verdict.json");
    }

    /// <summary>Every row is equal, but an application's computed result may differ.</summary>
    [Fact]
    public async Task A_query_with_another_result_stops_the_run_unless_a_person_takes_it_on()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        var file = Path.Combine(rig.Folder, "checks.sql");
        await File.WriteAllTextAsync(file,
            "SELECT count(*) FROM orders;\nSELECT current_setting('server_version_num');", Ct);

        var fault = (await Assert.ThrowsAsync<FaultException>(() => RunWithQueriesAsync(rig, [file]))).Fault;
        Assert.Equal("verify.queries_different", fault.Code);
        Assert.Contains("checks.sql:2", fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("checks.sql:1", fault.Why, StringComparison.Ordinal);

        var (evidence, events) = await RunWithQueriesAsync(rig, [file], "verify.queries_different");
        Assert.Contains("the results of 1 query compared", evidence.Proof, StringComparison.Ordinal);
        Assert.Contains(events.OfType<Observed>(),
            seen => seen is { Code: "verify.queries_different", Severity: Severity.Warning });
    }

    [Fact]
    public async Task A_query_that_is_refused_proves_nothing_and_a_file_that_is_gone_is_named()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(13),
            await servers.OfMajorAsync(15));
        var file = Path.Combine(rig.Folder, "checks.sql");
        await File.WriteAllTextAsync(file, "SELECT * FROM nowhere", Ct);

        var unproven = (await Assert.ThrowsAsync<FaultException>(() => RunWithQueriesAsync(rig, [file]))).Fault;
        Assert.Equal("verify.not_proven", unproven.Code);
        Assert.Contains("the query checks.sql:1", unproven.Why, StringComparison.Ordinal);

        File.Delete(file);
        var gone = (await Assert.ThrowsAsync<FaultException>(() => RunWithQueriesAsync(rig, [file]))).Fault;
        Assert.Equal("verify.query_file", gone.Code);
        Assert.Contains(file, gone.What, StringComparison.Ordinal);
    }

    private static Task<(Evidence Evidence, IReadOnlyList<StepEvent> Events)> RunAsync(
        VerifyRig rig, params string[] accept) =>
        RunWithQueriesAsync(rig, [], accept);

    private static async Task<(Evidence Evidence, IReadOnlyList<StepEvent> Events)> RunWithQueriesAsync(
        VerifyRig rig, string[] queryFiles, params string[] accept)
    {
        var (source, target) = rig.Addresses;
        var told = new Told();
        var step = new VerifyStep(source, _ => Task.FromResult(target), new() { Jobs = 2 },
            _ => Task.FromResult(SchemaExpectations.None), accept, queryFiles,
            VerdictOf(rig), TimeProvider.System);
        return (await step.RunAsync(told, Ct), told.Events);
    }

    private sealed class Told : IProgress<StepEvent>
    {
        public List<StepEvent> Events { get; } = [];

        public void Report(StepEvent value)
        {
            lock (Events)
                Events.Add(value);
        }
    }
}
