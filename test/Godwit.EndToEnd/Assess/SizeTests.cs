using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Targets;

namespace Godwit.EndToEnd.Assess;

/// <summary>More than Heroku's restore is made for.</summary>
public sealed class SizeTests(OtherServers servers)
{
    private const long Gigabyte = 1_000_000_000;

    [Theory]
    [InlineData(21, "assess.large", "assess.very_large")]
    [InlineData(101, "assess.very_large", "assess.large")]
    public async Task A_large_source_is_told_which_way_to_take(int gigabytes, string code, string other)
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(gigabytes * Gigabyte);

        var request = new AssessRequest { IsDirect = false };
        Assert.Contains($"{gigabytes} GB", (await rig.FindsAsync(code, request)).What, StringComparison.Ordinal);
        // Unless it is said, that way is not taken.
        Assert.Contains($"{gigabytes} GB", (await rig.FindsAsync("assess.direct_route")).Why, StringComparison.Ordinal);
        await rig.FindsNoAsync(code);
        await rig.FindsNoAsync(other, request);
        // Another PostgreSQL has no such advice.
        await rig.FindsNoAsync(code, request, new PostgresTarget(rig.Address));
        await rig.FindsNoAsync("assess.direct_route", target: new PostgresTarget(rig.Address));
    }

    [Fact]
    public async Task A_small_one_is_no_finding()
    {
        await using var rig = await RigAsync();
        await rig.PretendBytesAsync(19 * Gigabyte);

        await rig.FindsNoAsync("assess.large");
        await rig.FindsNoAsync("assess.very_large");
    }

    [Fact]
    public async Task Many_large_objects()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync("SELECT lo_create(0) FROM generate_series(1, 100000)");
        await rig.FindsNoAsync("assess.many_large_objects");

        await rig.ExecuteAsOwnerAsync("SELECT lo_create(0)");

        Assert.Contains("100,001 large objects", (await rig.FindsAsync("assess.many_large_objects")).What,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_dump_and_a_comparison_count_as_tables_is_counted_before_too()
    {
        await using var rig = await RigAsync();
        var before = await SizeAsync(rig);
        // Rows of an extension's own table go into every dump: postgis has spatial_ref_sys.
        await rig.ExecuteAsync("""
            CREATE EXTENSION citext; CREATE TABLE public.of_citext (id int);
            ALTER EXTENSION citext ADD TABLE public.of_citext;
            UPDATE pg_extension SET extconfig = ARRAY['public.of_citext'::regclass::oid] WHERE extname = 'citext';
            CREATE TABLE public.one_more (id int PRIMARY KEY);
            CREATE MATERIALIZED VIEW public.sums AS SELECT count(*) FROM public.one_more
            """);

        Assert.EndsWith(" in 0 tables", before, StringComparison.Ordinal);
        Assert.EndsWith(" in 1 table, 1 materialized view, 1 table of an extension", await SizeAsync(rig),
            StringComparison.Ordinal);
    }

    private static async Task<string> SizeAsync(AssessRig rig) =>
        (await rig.AssessAsync()).Facts.First(fact => fact.Key == "size").Value;

    private async Task<AssessRig> RigAsync() => await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
}
