using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Verify;

namespace Godwit.EndToEnd.Clean;

/// <summary>The former schema of extensions becomes public, in the bodies of functions too, and that is no
/// difference.</summary>
public sealed class HerokuExtTests(OtherServers servers)
{
    private const string Script = """
        CREATE TABLE public.names (id int PRIMARY KEY, name heroku_ext.citext); INSERT INTO names VALUES (1, 'Limosa');
        CREATE FUNCTION public.folded(a text, b text) RETURNS boolean LANGUAGE sql
            AS $$ SELECT $1::heroku_ext.citext = $2::"heroku_ext".citext -- of heroku_ext.citext
        $$;
        CREATE FUNCTION public.found(n text) RETURNS int LANGUAGE plpgsql AS $body$
            DECLARE it heroku_ext.citext := n; BEGIN RETURN (SELECT id FROM public.names WHERE name = it); END $body$;
        """;

    [Fact]
    public async Task Functions_that_name_it_in_their_bodies_work_at_the_target()
    {
        await using var rig = await VerifyRig.CreateAsync(await servers.OfMajorAsync(15),
            await servers.OfMajorAsync(17), "SELECT 1");
        await rig.AtSourceAsync("CREATE SCHEMA heroku_ext; CREATE EXTENSION citext SCHEMA heroku_ext; "
            + $"GRANT USAGE ON SCHEMA heroku_ext TO {rig.Name}", asOwner: false);
        await rig.AtSourceAsync(Script);

        (await rig.RunAsync(["copy", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL"])).Expect(0);

        Assert.True(await rig.AskTargetAsync<bool>("SELECT folded('LIMOSA', 'limosa')"));
        Assert.Equal(1, await rig.AskTargetAsync<int>("SELECT found('limosa')"));
        (await rig.VerifyAsync("--level", "rows")).Expect(0).Says("roven");
    }
}
