namespace Godwit.EndToEnd.Migration;

/// <summary>Heroku fails in every way that heroku-local offers.</summary>
public sealed class TroubleTests(JourneyServers servers, TroubledHeroku trouble)
    : IClassFixture<TroubledHeroku>, IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => trouble.Server.ClearFaults();

    [Fact]
    public async Task A_restore_that_fails_is_undone_and_can_be_resumed_or_rolled_back()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        trouble.Server.AddFault("restore:fails-after=0ms");

        (await rig.RunAsync(rig.Migrate)).Expect(3).Says("load.restore_failed").Says("godwit resume");
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("resume")).Expect(3).Says("load.restore_failed");
        await rig.AssertEverythingIsAsBeforeAsync();
        (await rig.RunAsync("rollback")).Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();

        trouble.Server.ClearFaults();
        (await rig.RunAsync("resume", rig.RunId)).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_restore_with_warnings_is_no_success_until_a_person_accepts_it()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        trouble.Server.AddFault("restore:warnings=2");

        (await rig.RunAsync(rig.Migrate)).Expect(3).Says("load.restore_warnings").Says("ordered warning 2");
        await rig.AssertEverythingIsAsBeforeAsync();

        (await rig.RunAsync("resume", "--accept", "load.restore_warnings")).Expect(0);
        await rig.AssertProvenAsync();
        Assert.Contains("load.restore_warnings",
            await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "report.txt"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_failed_and_cut_answers_on_the_way_are_survived()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        trouble.Server.AddFault("http:429,count=3");
        trouble.Server.AddFault("http:500,count=2,after=4,method=GET");
        trouble.Server.AddFault("http:503,count=2,method=PATCH");
        trouble.Server.AddFault("http:500,count=2,after=1,path=*transfers*,method=GET");
        trouble.Server.AddFault("http:cut,count=2,after=4,path=*transfers*,method=GET");
        trouble.Server.AddFault("http:cut,count=2,after=12,method=GET");

        (await rig.RunAsync(rig.Migrate)).Expect(0);

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_database_that_Heroku_does_not_destroy_is_told_with_the_command_that_tries_again()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        (await rig.RunAsync(rig.Migrate)).Expect(0);
        trouble.Server.AddFault("http:422,method=DELETE,path=/apps/*/addons/*");

        (await rig.RunAsync("rollback", rig.RunId, "--drop-target", "--confirm", rig.App)).Expect(4)
            .Says("run.not_dropped").Says($"godwit rollback {rig.RunId} --drop-target --confirm {rig.App}");

        await rig.AssertEverythingIsAsBeforeAsync();
        // A rollback without --drop-target would forget the database, which costs money.
        var told = (await rig.RunAsync("status", rig.RunId)).Says("run.not_dropped").Output;
        Assert.DoesNotContain($"godwit rollback {rig.RunId}", told.Split('\n').Select(line => line.Trim()));
        trouble.Server.ClearFaults();
        (await rig.RunAsync("rollback", rig.RunId, "--drop-target", "--confirm", rig.App))
            .Expect(0).Says("is destroyed");
        Assert.Empty((await rig.GetAsync($"/apps/{rig.App}/addons")).AsArray());
    }

    [Fact]
    public async Task An_add_on_that_deprovisions_stops_the_run_before_anything_is_frozen()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        trouble.Server.AddFault("addon:deprovisions,count=1");

        var end = await rig.RunAsync(rig.Migrate);

        Assert.True(end.Code is 1 or 3, end.Everything);
        await rig.AssertEverythingIsAsBeforeAsync();
        Assert.DoesNotContain("freeze", end.Output, StringComparison.Ordinal);
        (await rig.RunAsync("resume")).Expect(0);
        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task A_run_killed_while_its_restore_waits_does_not_wait_for_a_link_that_died_with_it()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        trouble.Server.AddFault("restore:slow=4s,count=1");
        var first = rig.Start([.. rig.Migrate, "--json"]);
        await first.EventAsync("bytes_moved", "restore");
        await first.KillAsync();

        (await rig.RunAsync("resume")).Expect(0);

        await rig.AssertProvenAsync();
    }

    [Fact]
    public async Task What_cannot_be_put_back_is_told_and_put_back_by_the_next_rollback()
    {
        await using var rig = await GodwitRig.CreateAsync(servers, heroku: trouble.Server);
        trouble.Server.AddFault("restore:fails-after=0ms");
        // The freeze sets maintenance and scales the app. After that, Heroku refuses every change of the app.
        trouble.Server.AddFault($"http:403,after=2,method=PATCH,path=/apps/{rig.App}*");

        (await rig.RunAsync(rig.Migrate)).Expect(4).Says("godwit rollback");
        Assert.True(await rig.IsSourceWritableAsync());
        Assert.True(await rig.IsInMaintenanceAsync());

        trouble.Server.ClearFaults();
        (await rig.RunAsync("rollback")).Expect(0);
        await rig.AssertEverythingIsAsBeforeAsync();
    }
}
