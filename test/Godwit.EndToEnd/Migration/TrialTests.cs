using Godwit.EndToEnd.HerokuLocal;
using Godwit.Faults;
using Godwit.HerokuLocal;

namespace Godwit.EndToEnd.Migration;

/// <summary>The trial finds what no check knows: it creates the definitions in the target before anything is
/// stopped.</summary>
public sealed class TrialTests(JourneyServers servers, OtherServers others)
{
    private const string Name = "trial_source";

    /// <summary>PostgreSQL 14 changed the parameters of array_append.
    /// https://www.postgresql.org/docs/14/release-14.html</summary>
    private const string Refused = """
        CREATE TABLE public.t (id integer PRIMARY KEY, n integer); INSERT INTO public.t VALUES (1, 1);
        CREATE AGGREGATE public.gathered(anyelement) (sfunc = array_append, stype = anyarray, initcond = '{}');
        CREATE VIEW public.needs_it AS SELECT public.gathered(n) FROM public.t; CREATE INDEX ON public.t (n);
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("backup")]
    [InlineData("direct")]
    public async Task What_the_target_would_refuse_is_told_with_its_statement_while_the_app_runs(string route)
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var source = await others.OfMajorAsync(13);
        var name = $"{Name}_{route}";
        rig.Environment["SOURCE_URL"] = await OtherServers.AddDatabaseAsync(source, name, rig.SourcePassword);
        await source.ExecuteAsync(name, $"SET ROLE {name}; {Refused}", Ct);
        IReadOnlyList<string> migrate = route == "backup" ? rig.Migrate : ["migrate", "--from", "env:SOURCE_URL",
            "--to", "heroku:" + rig.App, "--route", "direct", "--i-have-a-backup"];

        var end = (await rig.RunAsync(migrate)).Expect(1);

        var fault = FaultShown.Read(end);
        Assert.Equal("run.definitions_refused", fault.Code);
        end.Says("would refuse 1 definition of the source's").Says("AGGREGATE public gathered(")
            .Says("CREATE AGGREGATE").Says("Source and app are as they were");
        Assert.False(await rig.IsInMaintenanceAsync());
        Assert.Equal(0, await TargetRelationsAsync(rig));

        if (route == "direct")
        {
            var target = new Secret((await rig.GetAsync($"/apps/{rig.App}/config-vars"))
                .AsObject().Single(IsUrl).Value!.GetValue<string>());
            rig.Environment["TARGET_URL"] = target;
            (await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", "--trial"))
                .Expect(1).Says("assess.definitions_refused").Says("CREATE AGGREGATE");
            (await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--trial"))
                .Expect(2).Says("--trial is given without --to");
        }

        await source.ExecuteAsync(name, """
            DROP AGGREGATE public.gathered(anyelement) CASCADE;
            CREATE AGGREGATE public.gathered(integer) (sfunc = array_append, stype = integer[], initcond = '{}')
            """, Ct);
        (await rig.RunAsync("resume", rig.RunId)).Expect(0).Says("takes all definitions of the source");
        if (route == "direct")
        {
            var again = await rig.RunAsync("assess", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL",
                "--trial", "--json");
            Assert.Contains("assess.definitions_not_tried", again.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("assess.definitions_refused", again.Output, StringComparison.Ordinal);
        }

        await DropAsync(source, name);
    }

    private static async Task<long> TargetRelationsAsync(GodwitRig rig)
    {
        var variable = (await rig.GetAsync($"/apps/{rig.App}/config-vars")).AsObject().Single(IsUrl);
        return await LocalHeroku.ScalarAsync<long>(await rig.TargetConnectionAsync(variable.Key),
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'");
    }

    private static bool IsUrl(KeyValuePair<string, System.Text.Json.Nodes.JsonNode?> variable) =>
        variable.Value?.GetValue<string>().StartsWith("postgres://", StringComparison.Ordinal) == true;

    private static Task DropAsync(LocalCluster source, string name) =>
        source.ExecuteAsync("postgres", $"DROP DATABASE {name} WITH (FORCE)", Ct);
}
