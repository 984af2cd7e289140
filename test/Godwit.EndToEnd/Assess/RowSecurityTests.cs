using System.Text.RegularExpressions;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>A dump that row security would make incomplete is refused before it begins.</summary>
public sealed partial class RowSecurityTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    public async Task Another_ones_table_with_row_security_is_named_and_both_ways_out_work(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        var keeper = $"{rig.Name}_k";
        await rig.ExecuteAsync($"""
            CREATE ROLE {keeper};
            CREATE TABLE public."Guarded one" (id int); INSERT INTO public."Guarded one" VALUES (1);
            ALTER TABLE public."Guarded one" OWNER TO {keeper};
            ALTER TABLE public."Guarded one" ENABLE ROW LEVEL SECURITY;
            GRANT SELECT ON public."Guarded one" TO {rig.Name}
            """);

        var finding = await rig.FindsAsync("assess.rows_hidden");

        Assert.Equal(Severity.Blocker, finding.Severity);
        Assert.Contains("public.\"Guarded one\"", finding.Why, StringComparison.Ordinal);
        Assert.Contains("row-level security", await RigDump.SaidAsync(rig), StringComparison.Ordinal);
        foreach (var (statement, back) in
            new[] { (Bypass(), $"ALTER ROLE {rig.Name} NOBYPASSRLS"), (Join(), $"REVOKE {keeper} FROM {rig.Name}") })
        {
            await rig.ExecuteAsync(statement.Match(finding.Remedy).Value);
            await rig.FindsNoAsync("assess.rows_hidden");
            await rig.DumpsAsync();
            await rig.ExecuteAsync(back);
        }

        await rig.ExecuteAsync($"DROP OWNED BY {keeper} CASCADE; DROP ROLE {keeper}");
    }

    [Fact]
    public async Task A_table_that_subjects_its_owner_to_its_policies_is_named_and_can_be_told_not_to()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.forced (id int);
            ALTER TABLE public.forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
            """);

        var finding = await rig.FindsAsync("assess.rows_hidden");

        Assert.DoesNotMatch(Join(), finding.Remedy);
        await rig.ExecuteAsOwnerAsync(Unforce().Match(finding.Remedy).Value);
        await rig.FindsNoAsync("assess.rows_hidden");
    }

    [Fact]
    public async Task Ones_own_table_with_row_security_is_no_finding()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsOwnerAsync(
            "CREATE TABLE public.own (id int); ALTER TABLE public.own ENABLE ROW LEVEL SECURITY");

        await rig.FindsNoAsync("assess.rows_hidden");
        await rig.DumpsAsync();
    }

    [GeneratedRegex("ALTER ROLE [^;]*;")]
    private static partial Regex Bypass();

    [GeneratedRegex("GRANT [^;]*;")]
    private static partial Regex Join();

    [GeneratedRegex("ALTER TABLE [^;]*;")]
    private static partial Regex Unforce();
}
