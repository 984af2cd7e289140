using Godwit.EndToEnd.Heroku;
using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.EndToEnd.Cutover;

/// <summary>The switch and its way back, at a Heroku with real databases.</summary>
public sealed class SwitchTests(LocalHerokuForClients server) : IClassFixture<LocalHerokuForClients>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Former.AddOn)]
    [InlineData(Former.Plain)]
    [InlineData(Former.None)]
    public async Task Everything_points_to_the_target_and_in_another_process_back_to_exactly_what_it_did(Former former)
    {
        using var rig = await SwitchRig.CreateAsync(server, former);
        var before = await rig.WorldAsync();
        Assert.Null(await rig.Step().FindEvidenceAsync(Ct));

        var evidence = await rig.RunAsync();

        await rig.AssertSwitchedAsync();
        Assert.Equal(evidence, await rig.Step().FindEvidenceAsync(Ct));
        Assert.Equal([$"DATABASE_URL of {rig.App}", $"JOBS_DB of {rig.Other}", $"NEW_DB of {rig.Other}",
            $"DATABASE_URL of {rig.Guest}", rig.EnvFile], rig.Events.Cast<StateChanged>().Select(one => one.Subject));
        // Whatever else is released meanwhile stays.
        await rig.SetAsync(rig.Other, ("LATER", "yes"));
        Assert.NotNull(await rig.UndoAsync());
        await rig.SetAsync(rig.Other, ("LATER", null));
        Assert.Equal(before, await rig.WorldAsync());
        Assert.Null(await rig.UndoAsync());
        Assert.Empty(rig.Memory.Kept);
    }

    [Theory]
    [InlineData(Former.AddOn)]
    [InlineData(Former.Plain)]
    public async Task Killed_at_any_write_of_its_memory_it_is_finished_or_undone_by_the_next_process(Former former)
    {
        using var rig = await SwitchRig.CreateAsync(server, former);
        var before = await rig.WorldAsync();
        // Behind the act and before it is written down that it is done; and behind what is written down before the act.
        for (var write = 1; await rig.Memory.DiesAsync(write, isWritten: false, rig.RunAsync); write++)
        {
            if (await rig.Step().FindEvidenceAsync(Ct) is null)
                await rig.RunAsync();
            await rig.AssertSwitchedAsync();
            await rig.UndoAsync();
        }

        await rig.UndoAsync();
        for (var write = 1; await rig.Memory.DiesAsync(write, isWritten: true, rig.RunAsync); write++)
        {
            await rig.UndoAsync();
            Assert.Equal(before, await rig.WorldAsync());
        }

        await rig.UndoAsync();
        Assert.Equal(before, await rig.WorldAsync());
    }

    [Fact]
    public async Task Killed_at_any_write_while_it_is_undone_it_is_undone_by_the_next_process()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.Plain);
        var before = await rig.WorldAsync();
        for (var (write, dies) = (1, true); dies; write++)
        {
            await rig.RunAsync();
            dies = await rig.Memory.DiesAsync(write, isWritten: true, rig.UndoAsync);
            await rig.UndoAsync();
            Assert.Equal(before, await rig.WorldAsync());
        }
    }

    [Fact]
    public async Task A_source_that_was_written_to_stops_it_before_anything_points_elsewhere()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.AddOn);
        var before = await rig.WorldAsync();
        rig.RequireStillFrozen = _ =>
            throw new FaultException(new Fault("cutover.written_since", FaultKind.Refused, "a", "b", "C."));

        Assert.Equal("cutover.written_since", (await Assert.ThrowsAsync<FaultException>(rig.RunAsync)).Fault.Code);
        Assert.Null(await rig.UndoAsync());
        Assert.Equal((before, 0), (await rig.WorldAsync(), rig.Memory.Kept.Count));

        rig.RequireStillFrozen = _ => Task.FromResult("nothing was written");
        Assert.EndsWith("; right before, at the source: nothing was written", (await rig.RunAsync()).Proof,
            StringComparison.Ordinal);
        await rig.UndoAsync();
    }

    [Fact]
    public async Task What_somebody_has_set_anew_since_is_left_alone()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.None);
        await rig.RunAsync();
        await rig.SetAsync(rig.Other, ("JOBS_DB", "postgres://third.example.com/x"));

        var said = await rig.UndoAsync();

        Assert.Contains($"JOBS_DB of {rig.Other} does not lead to the target any more, and is left", said,
            StringComparison.Ordinal);
        Assert.Equal("postgres://third.example.com/x", await rig.VarAsync(rig.Other, "JOBS_DB"));
    }

    [Fact]
    public async Task A_variable_that_leads_to_the_target_with_another_password_is_put_back_too()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.None);
        await rig.RunAsync();
        var url = new UriBuilder((await rig.UrlAsync(Ct)).Reveal()) { Password = "rotated" };
        await rig.SetAsync(rig.Other, ("JOBS_DB", url.Uri.AbsoluteUri));

        await rig.UndoAsync();

        Assert.Equal(SwitchRig.Old, await rig.VarAsync(rig.Other, "JOBS_DB"));
    }

    [Fact]
    public async Task An_old_value_that_Heroku_does_not_tell_is_asked_of_a_person_and_the_rest_is_put_back()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.AddOn);
        var former = await rig.VarAsync(rig.App, "DATABASE_URL");
        await rig.RunAsync();
        rig.Fault($"http:404,path=/apps/{rig.Other}/releases/*/config-vars");

        var fault = (await Assert.ThrowsAsync<FaultException>(rig.UndoAsync)).Fault;

        Assert.Equal("cutover.partly_back", fault.Code);
        Assert.Contains("[cutover.old_value]", fault.Why, StringComparison.Ordinal);
        Assert.Contains($"heroku rollback v3 --app {rig.Other}", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal((former, null),
            (await rig.VarAsync(rig.App, "DATABASE_URL"), await rig.VarAsync(rig.Other, "NEW_DB")));
        Assert.False(File.Exists(rig.EnvFile));

        // The person does what the remedy says.
        await rig.SetAsync(rig.Other, ("JOBS_DB", SwitchRig.Old));
        await rig.UndoAsync();
        Assert.Empty(rig.Memory.Kept);
    }
}

/// <summary>Apps that run code of their own at each release.</summary>
public sealed class SwitchReleaseTests(LocalHerokuForClients server) : IClassFixture<LocalHerokuForClients>
{
    [Fact]
    public async Task A_release_command_is_waited_for()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.AddOn);
        rig.Fault("release:slow=400ms");
        var started = TimeProvider.System.GetTimestamp();

        await rig.RunAsync();

        await rig.AssertSwitchedAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(1.2),
            "three changes, each with a release command");
    }

    [Theory]
    [InlineData(Former.AddOn, "release:fails")]
    [InlineData(Former.AddOn, "release:fails,after=1")]
    [InlineData(Former.Plain, "release:fails")]
    public async Task Where_release_commands_fail_there_and_back_no_dyno_has_seen_the_target_and_everything_is_back(
        Former former, string trouble)
    {
        using var rig = await SwitchRig.CreateAsync(server, former);
        var before = await rig.WorldAsync();
        rig.Fault(trouble);

        Assert.Equal("heroku.release_failed", (await Assert.ThrowsAsync<FaultException>(rig.RunAsync)).Fault.Code);
        Assert.Contains("dynos run on as they did", await rig.UndoAsync(), StringComparison.Ordinal);

        Assert.Equal(before, await rig.WorldAsync());
        Assert.Empty(rig.Memory.Kept);
    }

    [Fact]
    public async Task Dynos_that_got_the_target_and_cannot_be_given_back_the_old_are_told_of()
    {
        using var rig = await SwitchRig.CreateAsync(server, Former.AddOn);
        // The former database's second name and the promotion succeed, and nothing behind them.
        rig.Fault("release:fails,after=2");
        Assert.Equal("heroku.release_failed", (await Assert.ThrowsAsync<FaultException>(rig.RunAsync)).Fault.Code);

        var fault = (await Assert.ThrowsAsync<FaultException>(rig.UndoAsync)).Fault;

        Assert.Contains($"The dynos of {rig.App} still run with the config vars that were", fault.What,
            StringComparison.Ordinal);
        Assert.NotEmpty(rig.Memory.Kept);
    }
}
