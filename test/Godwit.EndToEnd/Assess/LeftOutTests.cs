using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>What will not be in the archive is told before it is made.</summary>
public sealed class LeftOutTests(OtherServers servers)
{
    private static readonly string[] Codes = ["assess.event_triggers", "assess.publications", "assess.subscriptions",
        "assess.security_labels", "assess.tablespaces"];

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task What_replicates_and_watches_is_named(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync("""
            CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
            CREATE EVENT TRIGGER "Watcher" ON ddl_command_end
                WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.watch();
            CREATE TABLE public.t (id int); CREATE PUBLICATION all_of_it FOR ALL TABLES;
            CREATE PUBLICATION part_of_it FOR TABLE public.t;
            INSERT INTO pg_seclabel VALUES ('public.t'::regclass, 'pg_class'::regclass, 0, 'anon', 'MASKED')
            """);
        await rig.ExecuteAsync("CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1 port=1 dbname=none password=hush' "
            + "PUBLICATION x WITH (connect = false, slot_name = feed_slot)");

        var findings = (await rig.AssessAsync()).Findings.Where(finding => Codes.Contains(finding.Code))
            .ToDictionary(finding => finding.Code);

        await rig.ExecuteAsync("ALTER SUBSCRIPTION feed SET (slot_name = NONE)");
        await rig.ExecuteAsync("DROP SUBSCRIPTION feed");
        Assert.Equal(4, findings.Count);
        Assert.All(findings.Values, finding => Assert.Equal(Severity.Warning, finding.Severity));
        Assert.EndsWith(": Watcher", findings["assess.event_triggers"].Why, StringComparison.Ordinal);
        Assert.EndsWith(": all_of_it, part_of_it", findings["assess.publications"].Why, StringComparison.Ordinal);
        Assert.EndsWith(": feed (slot feed_slot)", findings["assess.subscriptions"].Why, StringComparison.Ordinal);
        Assert.EndsWith(": anon", findings["assess.security_labels"].Why, StringComparison.Ordinal);
        Assert.DoesNotContain(findings.Values, finding => $"{finding}".Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tablespace_is_noted()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        var space = $"{rig.Name}_space";
        await rig.ExecuteAsync("CREATE TABLE public.t (id int)");
        await rig.ExecuteAsync($"ALTER DATABASE {rig.Name} SET allow_in_place_tablespaces = on");
        await rig.ExecuteAsync($"CREATE TABLESPACE {space} LOCATION ''");
        await rig.ExecuteAsync($"ALTER TABLE public.t SET TABLESPACE {space}");

        var finding = await rig.FindsAsync("assess.tablespaces");

        await rig.ExecuteAsync("DROP TABLE public.t");
        await rig.ExecuteAsync($"DROP TABLESPACE {space}");
        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains(space, finding.Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.tablespaces");
    }

    [Fact]
    public async Task Where_there_is_none_of_it_nothing_is_said()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(17));
        await rig.ExecuteAsync("CREATE TABLE public.t (id int PRIMARY KEY)");

        foreach (var code in Codes)
            await rig.FindsNoAsync(code);
    }
}
