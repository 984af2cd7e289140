using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>Work by the clock that stops with the move. Majors that have no package of the extensions get their
/// tables.</summary>
public sealed class JobsTests(OtherServers servers)
{
    private const string CronTable = """
        CREATE SCHEMA cron;
        CREATE TABLE cron.job (jobid bigserial PRIMARY KEY, schedule text NOT NULL, command text NOT NULL,
            nodename text NOT NULL DEFAULT 'localhost',
            nodeport int NOT NULL DEFAULT 5432, database text NOT NULL DEFAULT current_database(),
                username text NOT NULL DEFAULT current_user,
            active boolean NOT NULL DEFAULT true, jobname text);
        ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
        CREATE POLICY cron_job_policy ON cron.job USING (username = current_user);
        """;

    private static readonly string[] Codes = ["assess.cron_jobs", "assess.cron_unseen", "assess.cron_elsewhere",
        "assess.partman"];

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Jobs_are_counted_as_far_as_they_may_be_seen(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync($"""
            {CronTable} GRANT USAGE ON SCHEMA cron TO {rig.Name}; GRANT SELECT ON cron.job TO {rig.Name};
            INSERT INTO cron.job (schedule, command, username)
                VALUES ('0 3 * * *', 'VACUUM', '{rig.Name}'), ('@daily', 'SELECT 1', 'somebody_else');
            INSERT INTO cron.job (schedule, command, username, database)
                VALUES ('@hourly', 'VACUUM', '{rig.Name}', 'another')
            """);

        var finding = await rig.FindsAsync("assess.cron_jobs");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.StartsWith("At least 1 job of pg_cron", finding.What, StringComparison.Ordinal);
        Assert.EndsWith(": 1 (0 3 * * *)", finding.Why, StringComparison.Ordinal);
        await rig.ExecuteAsync("DELETE FROM cron.job; ALTER TABLE cron.job DISABLE ROW LEVEL SECURITY");
        foreach (var code in Codes)
            await rig.FindsNoAsync(code);
    }

    [Fact]
    public async Task Jobs_that_may_not_be_seen_are_not_taken_for_none()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync(CronTable);

        var finding = await rig.FindsAsync("assess.cron_unseen");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains($"GRANT SELECT ON cron.job TO \"{rig.Name}\";", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_row_security_hides_the_jobs_no_grant_is_advised_that_would_not_help()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"""
            {CronTable} GRANT USAGE ON SCHEMA cron TO {rig.Name}; GRANT SELECT ON cron.job TO {rig.Name};
            INSERT INTO cron.job (schedule, command, username) VALUES ('@daily', 'SELECT 1', 'somebody_else')
            """);

        var finding = await rig.FindsAsync("assess.cron_unseen");

        Assert.Contains("sees only its own rows", finding.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("GRANT", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_target_that_is_not_at_Heroku_no_scheduler_of_Heroku_is_advised()
    {
        var server = await servers.OfMajorAsync(15);
        await using var rig = await AssessRig.CreateAsync(server);
        await using var target = await AssessRig.CreateAsync(server);
        await rig.ExecuteAsync($"""
            {CronTable} GRANT USAGE ON SCHEMA cron TO {rig.Name}; GRANT SELECT ON cron.job TO {rig.Name};
            INSERT INTO cron.job (schedule, command, username) VALUES ('@daily', 'SELECT 1', '{rig.Name}')
            """);

        var finding = await rig.FindsAsync("assess.cron_jobs", target: new PostgresTarget(target.Address));

        Assert.DoesNotContain("Heroku", finding.Why + finding.Remedy, StringComparison.Ordinal);
        Assert.Contains("SELECT cron.schedule(", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_that_another_database_keeps_are_noted()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"ALTER DATABASE {rig.Name} SET cron.database_name = 'postgres'");

        var finding = await rig.FindsAsync("assess.cron_elsewhere");

        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains($"WHERE database = '{rig.Name}';", finding.Remedy, StringComparison.Ordinal);
    }

    /// <summary>The real pg_cron hides its setting from ordinary roles.</summary>
    [Fact]
    public async Task Where_the_role_may_not_see_which_database_keeps_the_jobs_that_is_noted_and_bars_nothing()
    {
        var folder = TestRun.NewFolder();
        var options = new LocalClusterOptions
        {
            Folder = folder, Durable = false,
            Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "pg_cron" },
        };
        await using (var server = await LocalCluster.StartAsync(options,
            new ProcessRunner(TimeProvider.System), TimeProvider.System,
            TestContext.Current.CancellationToken))
        await using (var rig = await AssessRig.CreateAsync(server))
        {
            var finding = await rig.FindsAsync("assess.cron_elsewhere");

            Assert.Contains("may not see its setting cron.database_name", finding.Why, StringComparison.Ordinal);
            await rig.FindsNoAsync("assess.unchecked");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Partitions_that_somebody_must_look_after_are_named()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"""
            CREATE SCHEMA "Part man"; CREATE EXTENSION citext SCHEMA "Part man";
            CREATE TABLE "Part man".part_config (parent_table text);
            GRANT USAGE ON SCHEMA "Part man" TO {rig.Name}; GRANT SELECT ON "Part man".part_config TO {rig.Name};
            ALTER EXTENSION citext ADD TABLE "Part man".part_config;
            UPDATE pg_extension SET extname = 'pg_partman' WHERE extname = 'citext'
            """);
        await rig.FindsNoAsync("assess.partman");
        await rig.ExecuteAsync("INSERT INTO \"Part man\".part_config VALUES ('public.events')");

        var finding = await rig.FindsAsync("assess.partman");

        Assert.Contains("public.events", finding.What, StringComparison.Ordinal);
        Assert.Contains("CALL \"Part man\".run_maintenance_proc()", finding.Remedy, StringComparison.Ordinal);
    }
}
