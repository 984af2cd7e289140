using Godwit.Assess;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;

namespace Godwit.EndToEnd.Assess;

/// <summary>Materialized views whose queries need not give the same rows twice.</summary>
public sealed class ViewsTests(OtherServers servers)
{
    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(18)]
    public async Task Volatile_ones_are_noted_with_the_reason_and_how_to_accept_them(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}");
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.t (id int, seen timestamptz, since xid, ":funcid 1598" int);
            CREATE FUNCTION public.lucky() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 7';
            CREATE FUNCTION public.seven() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7';
            CREATE MATERIALIZED VIEW public.a_random AS SELECT random() AS r FROM public.t;
            CREATE MATERIALIZED VIEW public.b_recent AS SELECT id FROM public.t WHERE seen > now() - interval '1 day';
            CREATE MATERIALIZED VIEW public.c_today AS SELECT CURRENT_DATE AS d, age(seen) AS a FROM public.t;
            CREATE VIEW public.between_them AS SELECT public.lucky() AS n;
            CREATE MATERIALIZED VIEW public."D through" AS SELECT * FROM public.between_them;
            CREATE MATERIALIZED VIEW public.e_upon AS SELECT max(r) FROM public.a_random;
            CREATE MATERIALIZED VIEW public.f_sample AS SELECT id FROM public.t TABLESAMPLE BERNOULLI (10);
            CREATE MATERIALIZED VIEW public.y_never AS SELECT random() WITH NO DATA;
            CREATE MATERIALIZED VIEW public.z_calm AS SELECT id, public.seven(), age(seen, seen), ":funcid 1598",
                ':funcid 1598' AS s, count(*) OVER () AS n
                FROM public.t TABLESAMPLE BERNOULLI (10) REPEATABLE (3)
            """);

        var finding = await rig.FindsAsync("assess.volatile_views");

        Assert.Equal((Severity.Note, "6 materialized views may hold other rows at the target"),
            (finding.Severity, finding.What));
        foreach (var named in new[]
        {
            "public.a_random (because of random())", "public.b_recent (because of now())",
            "(because of CURRENT_DATE, age())", "(because of public.lucky())",
        })
            Assert.Contains(named, finding.Why, StringComparison.Ordinal);
        Assert.EndsWith("""
            --accept-view 'public."D through"'
            --accept-view 'public.a_random'
            --accept-view 'public.b_recent'
            --accept-view 'public.c_today'
            --accept-view 'public.e_upon'
            --accept-view 'public.f_sample'
            """, finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_accepted_by_name_is_noted_apart_and_a_fixed_one_not_at_all()
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
        await rig.ExecuteAsync($"GRANT ALL ON SCHEMA public TO {rig.Name}");
        await rig.ExecuteAsOwnerAsync("CREATE MATERIALIZED VIEW public.seven AS SELECT 7 AS n");
        await rig.FindsNoAsync("assess.volatile_views");
        await rig.ExecuteAsOwnerAsync("CREATE MATERIALIZED VIEW public.lots AS SELECT random() AS r");
        var accepting = new AssessRequest { AcceptViews = ["public.lots"] };

        var finding = await rig.FindsAsync("assess.volatile_views_accepted", accepting);

        Assert.Equal(Severity.Note, finding.Severity);
        Assert.Contains("public.lots (because of random())", finding.Why, StringComparison.Ordinal);
        await rig.FindsNoAsync("assess.volatile_views", accepting);
        await rig.FindsNoAsync("assess.volatile_views_accepted");
    }
}
