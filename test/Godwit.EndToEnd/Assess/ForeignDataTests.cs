using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>What reaches into other databases is told, and nothing of it that is secret.</summary>
public sealed class ForeignDataTests(OtherServers servers)
{
    private static readonly string[] Codes = ["assess.foreign_unreachable", "assess.foreign_servers",
        "assess.foreign_logins", "assess.foreign_tables"];

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task Servers_logins_and_tables_are_named_and_no_password_is_shown(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync($"""
            CREATE EXTENSION postgres_fdw; CREATE EXTENSION dblink;
            CREATE SERVER "Far one" FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db.example.com',
                port '5432', dbname 'x');
            CREATE SERVER near FOREIGN DATA WRAPPER postgres_fdw OPTIONS (hostaddr '10.1.2.3');
            CREATE SERVER inner_name FOREIGN DATA WRAPPER dblink_fdw OPTIONS (host 'orders.prod.internal');
            CREATE SERVER here FOREIGN DATA WRAPPER dblink_fdw;
            GRANT USAGE ON FOREIGN SERVER "Far one" TO {rig.Name};
            CREATE USER MAPPING FOR {rig.Name} SERVER "Far one" OPTIONS (user 'me', password 'hush hush');
            CREATE USER MAPPING FOR PUBLIC SERVER near OPTIONS (user 'all', password 'hush hush');
            CREATE FOREIGN TABLE public.far_away (id int) SERVER "Far one"
            """);

        var findings = (await rig.AssessAsync()).Findings.Where(finding => Codes.Contains(finding.Code))
            .ToDictionary(finding => finding.Code);

        Assert.Equal(4, findings.Count);
        Assert.All(findings.Values, finding => Assert.Equal(Severity.Warning, finding.Severity));
        Assert.EndsWith(
            ": here (dblink_fdw), inner_name (dblink_fdw, orders.prod.internal), near (postgres_fdw, 10.1.2.3)",
            findings["assess.foreign_unreachable"].Why, StringComparison.Ordinal);
        Assert.EndsWith(": Far one (postgres_fdw, db.example.com)", findings["assess.foreign_servers"].Why,
            StringComparison.Ordinal);
        Assert.EndsWith($": Far one for {rig.Name}, near for PUBLIC", findings["assess.foreign_logins"].Why,
            StringComparison.Ordinal);
        Assert.Contains("CREATE USER MAPPING FOR CURRENT_USER SERVER \"Far one\" OPTIONS",
            findings["assess.foreign_logins"].Remedy, StringComparison.Ordinal);
        Assert.EndsWith(": public.far_away", findings["assess.foreign_tables"].Why, StringComparison.Ordinal);
        Assert.DoesNotContain(findings.Values, finding => $"{finding}".Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_extension_alone_is_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync("CREATE EXTENSION postgres_fdw; CREATE TABLE public.t (id int)");

        foreach (var code in Codes)
            await rig.FindsNoAsync(code);
    }
}
