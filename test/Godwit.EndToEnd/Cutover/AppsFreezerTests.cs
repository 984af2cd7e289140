using System.Text.Json.Nodes;
using Godwit.Cutover.Freeze;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Cutover;

/// <summary>Apps are stopped, all of them and whole, and are afterwards what they were.</summary>
public sealed class AppsFreezerTests(JourneyServers servers) : IAsyncLifetime
{
    private readonly DyingMemory _memory = new();
    private GodwitRig? _opened;
    private HerokuClient? _client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private GodwitRig Rig => _opened!;

    private string Mailer => Rig.App + "-mailer";

    public async ValueTask InitializeAsync()
    {
        _opened = await GodwitRig.CreateAsync(servers, script: "CREATE TABLE ledger (entry int)");
        await Rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = Mailer });
        await ScaleAsync(Rig.App, ("web", 2, "Standard-2X"), ("worker", 3, "Performance-M"));
        await ScaleAsync(Mailer, ("web", 0, "Basic"), ("worker", 1, "Standard-1X"));
        var environment = Rig.Heroku.CliEnvironment().ToDictionary(one => one.Key, one => one.Value.Reveal());
        _client = HerokuClient.From(environment.GetValueOrDefault, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await Rig.DisposeAsync();
    }

    [Fact]
    public async Task Every_dyno_of_every_app_stops_and_comes_back_with_its_size()
    {
        var before = await LookAsync();

        var frozen = await Apps().FreezeAsync(Ct);

        Assert.Equal($"{Rig.App} (web=2 worker=3), {Mailer} (worker=1)", frozen.Stopped);
        Assert.Equal(
            $"{Rig.App} on web=0:Standard-2X worker=0:Performance-M\n{Mailer} on web=0:Basic worker=0:Standard-1X",
            await LookAsync());
        Assert.True(await Apps().IsFrozenAsync(Ct));
        // Somebody plays with it meanwhile.
        await ScaleAsync(Mailer, ("worker", 0, "Performance-L"));

        Assert.Equal($"{Rig.App}: web=2 worker=3, maintenance off; {Mailer}: worker=1, maintenance off",
            await Apps().ThawAsync(Ct));

        Assert.Equal(before, await LookAsync());
        Assert.Empty(_memory.Kept);
        Assert.Null(await Apps().ThawAsync(Ct));
    }

    [Fact]
    public async Task Workers_only_leaves_the_web_dynos()
    {
        var before = await LookAsync();

        await Apps(onlyWorkers: true).FreezeAsync(Ct);

        Assert.StartsWith($"{Rig.App} on web=2:Standard-2X worker=0:", await LookAsync(), StringComparison.Ordinal);
        Assert.True(await Apps(onlyWorkers: true).IsFrozenAsync(Ct));
        await Apps(onlyWorkers: true).ThawAsync(Ct);
        Assert.Equal(before, await LookAsync());
    }

    [Fact]
    public async Task An_app_that_was_in_maintenance_and_at_nothing_stays_so()
    {
        await ScaleAsync(Mailer, ("worker", 0, "Standard-1X"));
        await Rig.SendAsync(HttpMethod.Patch, $"/apps/{Mailer}", new JsonObject { ["maintenance"] = true });
        var before = await LookAsync();

        Assert.EndsWith($", {Mailer}", (await Apps().FreezeAsync(Ct)).Stopped, StringComparison.Ordinal);
        Assert.EndsWith($"; {Mailer}: maintenance on", await Apps().ThawAsync(Ct), StringComparison.Ordinal);

        Assert.Equal(before, await LookAsync());
    }

    [Fact]
    public async Task An_app_that_is_gone_does_not_keep_the_others_frozen()
    {
        await Apps().FreezeAsync(Ct);
        await Rig.SendAsync(HttpMethod.Delete, $"/apps/{Mailer}");

        Assert.Equal($"{Rig.App}: web=2 worker=3, maintenance off; {Mailer} does not exist any more",
            await Apps().ThawAsync(Ct));
        Assert.Empty(_memory.Kept);
    }

    [Fact]
    public async Task The_step_lists_one_off_dynos_with_the_command_that_stops_them()
    {
        var dyno = await Rig.SendAsync(HttpMethod.Post, $"/apps/{Mailer}/dynos",
            new JsonObject { ["command"] = "rake import" });
        var told = new Told();

        var evidence = await Step().RunAsync(told, Ct);

        var seen = Assert.Single(told.Events.OfType<Observed>(), one => one.Severity == Severity.Warning);
        var name = dyno["name"]!.GetValue<string>();
        Assert.Equal(("freeze", "cutover.one_off_dyno"), (seen.Step, seen.Code));
        Assert.Equal($"A one-off dyno of {Mailer} runs on: {name}", seen.What);
        Assert.EndsWith($": heroku ps:stop --dyno-name {name} --app {Mailer}", seen.Remedy, StringComparison.Ordinal);
        Assert.Contains("a write of a new session was refused; WAL", evidence.Proof, StringComparison.Ordinal);
        Assert.EndsWith($"in maintenance, dynos at 0: {Rig.App} (web=2 worker=3), {Mailer} (worker=1)", evidence.Proof,
            StringComparison.Ordinal);
        Assert.NotNull(await Step().FindEvidenceAsync(Ct));

        Assert.Equal(
            $"the source is writable as before, and whoever could connect to it can again; {Rig.App}: "
            + $"web=2 worker=3, maintenance off; {Mailer}: worker=1, maintenance off",
            await Step().UndoAsync(Ct));
        Assert.Null(await Step().FindEvidenceAsync(Ct));
    }

    /// <summary>The apps would be down for nothing.</summary>
    [Fact]
    public async Task What_stands_in_the_sources_way_is_found_before_any_app_is_stopped()
    {
        await Rig.Source.ExecuteAsync("postgres",
            $"ALTER ROLE {Rig.Database} IN DATABASE {Rig.Database} SET default_transaction_read_only = off", Ct);
        var before = await LookAsync();

        Assert.Equal("cutover.freeze_overridden",
            (await Assert.ThrowsAsync<FaultException>(() => Step(revokes: false).RunAsync(new Told(), Ct))).Fault.Code);

        Assert.Equal(before, await LookAsync());
        Assert.Empty(_memory.Kept);
    }

    [Fact]
    public async Task The_step_killed_between_any_two_acts_is_undone_to_what_was()
    {
        await Rig.Source.ExecuteAsync("postgres", $"REVOKE CONNECT ON DATABASE {Rig.Database} FROM PUBLIC", Ct);
        var before = (await LookAsync(), await SourceAsync());
        var kills = 0;
        for (var hasDied = true; hasDied; kills++)
        {
            hasDied = await _memory.DiesAsync(kills + 1, isWritten: false, () => Step().RunAsync(new Told(), Ct));
            await Step().UndoAsync(Ct);
            Assert.Equal(before, (await LookAsync(), await SourceAsync()));
            Assert.False(FreezeStep.IsLeft(_memory.Kept.Keys));
        }

        Assert.True(kills > 11, $"it remembered only {kills} times");
        for (var undone = 0; undone < 12; undone += 2)
        {
            await Step().RunAsync(new Told(), Ct);
            await _memory.DiesAsync(undone + 1, isWritten: false, () => Step().UndoAsync(Ct));
            await Step().UndoAsync(Ct);
            Assert.Equal(before, (await LookAsync(), await SourceAsync()));
        }
    }

    private AppsFreezer Apps(bool onlyWorkers = false) =>
        AppsFreezer.Of(_client!, Rig.App, [Mailer, Mailer, Rig.App], onlyWorkers, _memory);

    private FreezeStep Step(bool revokes = true) => new(Apps(),
        new SourceFreezer(PostgresUrl.Parse(Rig.SourceUrl.Reveal(), "The rig's URL"), revokes, [], _memory,
            TimeProvider.System), _memory, RunKey.Text("epoch"), RunKey.Moment("at"), RunKey.Moment("thawed"), () => [],
        TimeProvider.System);

    private Task ScaleAsync(string app, params IEnumerable<(string Type, int Quantity, string Size)> scales) =>
        Rig.SendAsync(HttpMethod.Patch, $"/apps/{app}/formation",
            new JsonObject
            {
                ["updates"] = new JsonArray([.. scales.Select(one => (JsonNode)new JsonObject
                {
                    ["type"] = one.Type, ["quantity"] = one.Quantity, ["size"] = one.Size,
                })]),
            });

    /// <summary>Both apps in a line each: maintenance, then quantities and sizes.</summary>
    private async Task<string> LookAsync()
    {
        var lines = new List<string>();
        foreach (var app in new[] { Rig.App, Mailer })
        {
            var isOn = (await Rig.GetAsync($"/apps/{app}"))["maintenance"]!.GetValue<bool>();
            var formation = (await Rig.GetAsync($"/apps/{app}/formation"))
                .AsArray().OrderBy(one => (string?)one!["type"], StringComparer.Ordinal)
                .Select(one => $"{one!["type"]}={one["quantity"]}:{one["size"]}");
            lines.Add($"{app} {(isOn ? "on" : "off")} {string.Join(' ', formation)}");
        }

        return string.Join('\n', lines);
    }

    private Task<string?> SourceAsync() => Rig.Source.ScalarAsync<string>("postgres", $"""
        SELECT datacl::text || ' ' || (SELECT count(*) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid)
        FROM pg_database d WHERE datname = '{Rig.Database}'
        """, Ct);

    private sealed class Told : IProgress<StepEvent>
    {
        public List<StepEvent> Events { get; } = [];

        public void Report(StepEvent value) => Events.Add(value);
    }
}
