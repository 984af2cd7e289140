using System.Net;
using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Assess;

/// <summary>Whether the address leads to one primary, directly, encrypted, and writable.</summary>
public sealed class ConnectionTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pooler_is_told_by_the_process_that_answers()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var pooler = await PgBouncer.StartAsync(rig.Address, rig.Name, Ct);
        rig.Via = pooler.Address;

        var finding = await rig.FindsAsync("assess.pooler");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("process", finding.Why, StringComparison.Ordinal);
        Assert.Contains(rig.Name, finding.Remedy, StringComparison.Ordinal);
        Assert.Contains("assess.pooler", Assessment.Acceptable);
    }

    /// <summary>The application gets the pooler's session next: one that cannot write would bring it down.</summary>
    [Fact]
    public async Task Nothing_is_left_in_a_pooler_s_sessions()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await using var pooler = await PgBouncer.StartAsync(rig.Address, "the_pool", Ct);
        const string settings = "SELECT current_setting('default_transaction_read_only') || "
            + "current_setting('statement_timeout') || current_setting('lock_timeout')";
        string? before, after;
        await using (var application = await PostgresSession.OpenAsync(pooler.Address, Ct))
            before = await application.ScalarAsync<string>(settings, Ct);
        rig.Via = pooler.Address;

        await rig.FindsAsync("assess.pooler");

        await using (var application = await PostgresSession.OpenAsync(pooler.Address, Ct))
            after = await application.ScalarAsync<string>(settings, Ct);
        Assert.Equal("off00", before);
        Assert.Equal(before, after);
    }

    /// <summary>A table worth a sample is read on a session of its own.</summary>
    [Fact]
    public async Task An_application_can_write_after_its_pooler_was_assessed()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(
            "CREATE TABLE public.notes AS SELECT repeat('x', 1000) AS note FROM generate_series(1, 4000)");
        await using var pooler = await PgBouncer.StartAsync(rig.Address, "the_pool", Ct);
        rig.Via = pooler.Address;

        await rig.FindsAsync("assess.pooler");

        // More than one at once, so that each connection of the pool is somebody's.
        List<PostgresSession> applications = [];
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var application = await PostgresSession.OpenAsync(pooler.Address, Ct);
                applications.Add(application);
                await application.ExecuteAsync("BEGIN", Ct);
                await application.ExecuteAsync("INSERT INTO notes VALUES ('still here')", Ct);
                Assert.Equal("\"$user\", public", await application.ScalarAsync<string>("SHOW search_path", Ct));
                Assert.Equal(await rig.Server.ScalarAsync<string>(rig.Name, "SHOW server_encoding", Ct),
                    await application.ScalarAsync<string>("SHOW client_encoding", Ct));
            }
        }
        finally
        {
            foreach (var application in applications)
                await application.DisposeAsync();
        }
    }

    [Fact]
    public async Task Servers_that_take_turns_behind_one_address_are_told()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var other = await servers.OfMajorAsync(16);
        await other.ExecuteAsync("postgres",
            $"CREATE ROLE {rig.Name} LOGIN PASSWORD '{rig.Address.Password!.Reveal()}'", Ct);
        await other.ExecuteAsync("postgres", $"CREATE DATABASE {rig.Name} OWNER {rig.Name}", Ct);
        await using (var balancer = new TcpLine(rig.Server.Port, other.Port))
        {
            rig.Via = rig.Address with { Port = balancer.Port };

            var finding = await rig.FindsAsync("assess.several_servers");

            Assert.Equal(Severity.Blocker, finding.Severity);
            Assert.Contains(" and a primary started at ", finding.Why, StringComparison.Ordinal);
        }

        await other.ExecuteAsync("postgres", $"DROP DATABASE {rig.Name} WITH (FORCE)", Ct);
        await other.ExecuteAsync("postgres", $"DROP ROLE {rig.Name}", Ct);
    }

    [Theory]
    [InlineData(SslMode.Disable, "sslmode=disable")]
    [InlineData(SslMode.Prefer, "offers no TLS")]
    [InlineData(SslMode.Require, null)]
    public async Task A_connection_that_is_not_encrypted_is_told_with_what_to_do(SslMode mode, string? why)
    {
        var addresses = await Dns.GetHostAddressesAsync(Dns.GetHostName(), Ct);
        Assert.SkipUnless(addresses.Any(address => address.Equals(IPAddress.Loopback)),
            "This machine's own name does not lead to 127.0.0.1, where the server listens.");
        var server = mode == SslMode.Prefer ? await servers.OfMajorAsync(15) : await servers.WithTlsAsync();
        var source = PostgresUrl.Parse(server.SuperUrl().Reveal(), "The test's URL") with
        {
            Host = Dns.GetHostName(),
            Ssl = mode,
        };

        var findings =
            (await AssessRig.AssessAtAsync(source)).Findings.Where(finding => finding.Code == "assess.no_tls").ToList();

        if (why is null)
        {
            Assert.Empty(findings);
            return;
        }

        var finding = Assert.Single(findings);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains(why, finding.Why, StringComparison.Ordinal);
        Assert.Contains("sslmode=require", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_server_reached_directly_and_encrypted_is_no_finding_and_neither_is_this_machine()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("CREATE TABLE t (id int PRIMARY KEY)");
        string[] codes = ["assess.pooler", "assess.several_servers", "assess.no_tls", "assess.standby",
            "assess.read_only"];
        var direct = rig.Address;
        foreach (var address in
            new[] { direct, direct with { Ssl = SslMode.Disable }, direct with { Host = "localhost" } })
        {
            rig.Via = address;
            var assessment = await rig.AssessAsync();
            Assert.Empty(assessment.Findings.Select(finding => finding.Code).Intersect(codes));
            Assert.All(assessment.Checks, check => Assert.True(check.CouldLook, check.Name));
        }
    }

    [Fact]
    public async Task A_standby_cannot_be_frozen_and_is_none_of_anybody_s_business_without_a_freeze()
    {
        var folder = TestRun.NewFolder();
        try
        {
            await using var server = await LocalCluster.StartAsync(
                new LocalClusterOptions { Folder = Path.Combine(folder, "standby"), Durable = false },
                new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);
            var url = await OtherServers.AddDatabaseAsync(server, "shop", new Secret("s3cr3t"));
            await server.StopAsync(Ct);
            // Without a primary it waits for one, and answers questions meanwhile.
            await File.WriteAllTextAsync(Path.Combine(server.Folder, "data", "standby.signal"), "", Ct);
            await server.StartAsync(Ct);
            var address = PostgresUrl.Parse(url.Reveal(), "The test's URL") with { Port = server.Port };

            var finding = Assert.Single((await AssessRig.AssessAtAsync(address)).Findings,
                finding => finding.Code == "assess.standby");

            Assert.Equal(Severity.Blocker, finding.Severity);
            Assert.Contains("the primary's URL", finding.Remedy, StringComparison.Ordinal);
            Assert.DoesNotContain((await AssessRig.AssessAtAsync(address, new() { Freezes = false })).Findings,
                one => one.Code == "assess.standby");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("ALTER DATABASE {0} SET default_transaction_read_only = on", "for this database",
        "ALTER DATABASE \"{0}\" RESET")]
    [InlineData("ALTER ROLE {0} SET default_transaction_read_only = on", "for the role \"{0}\"",
        "ALTER ROLE \"{0}\" RESET")]
    [InlineData("ALTER ROLE {0} IN DATABASE {0} SET default_transaction_read_only = on",
        "for the role \"{0}\" in this database", "ALTER ROLE \"{0}\" IN DATABASE \"{0}\" RESET")]
    public async Task A_source_that_is_read_only_already_is_told_with_where_it_was_set(
        string sql, string where, string remedy)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync(Filled(sql));

        var finding = await rig.FindsAsync("assess.read_only");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains(Filled(where), finding.Why, StringComparison.Ordinal);
        Assert.Contains(Filled(remedy), finding.Remedy, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.read_only", new AssessRequest { IsFrozen = true });
        await rig.ExecuteAsync(finding.Remedy[finding.Remedy.IndexOf("BEGIN", StringComparison.Ordinal)..]);
        await rig.FindsNoAsync("assess.read_only");

        string Filled(string text) => text.Replace("{0}", rig.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_was_set_writable_on_a_read_only_server_is_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"ALTER ROLE {rig.Name} SET default_transaction_read_only = on; "
            + $"ALTER ROLE {rig.Name} IN DATABASE {rig.Name} SET default_transaction_read_only = off");

        await rig.FindsNoAsync("assess.read_only");
    }

    [Theory]
    [InlineData("dpg-ch1abcdefghijklmnopq-a", "assess.private_name",
        "dpg-ch1abcdefghijklmnopq-a.REGION-postgres.render.com")]
    [InlineData("no-such-server.postgres.database.azure.com", "assess.network_closed", "firewall-rule create")]
    public async Task A_host_of_a_provider_that_cannot_be_reached_is_told_with_what_to_do_there(
        string host, string code, string remedy)
    {
        var address =
            new PostgresAddress { Host = host, Database = "shop", User = "shop", Password = new Secret("s3cr3t") };

        var fault = (await Assert.ThrowsAsync<FaultException>(() => AssessRig.AssessAtAsync(address))).Fault;

        Assert.Equal(code, fault.Code);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }
}
