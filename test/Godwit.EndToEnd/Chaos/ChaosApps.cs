using System.Text.Json.Nodes;
using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Chaos;

/// <summary>The applications at Heroku that a run has to do with, and the flags that name them.</summary>
internal sealed class ChaosApps(GodwitRig rig, ChaosPlan plan)
{
    private const string Own = "DATABASE_URL";
    private const string Other = "LEGACY_DB";

    /// <summary>All of them; the target's is the first.</summary>
    public IReadOnlyList<string> Names => HasSecond ? [rig.App, Second] : [rig.App];

    /// <summary>The target, as <c>--to</c> wants it.</summary>
    public string To => plan.Target == ChaosTarget.Second ? $"heroku:{rig.App}/NEWDB" : $"heroku:{rig.App}";

    /// <summary>Of a program that is no app of Heroku's.</summary>
    public string EnvFile => Path.Combine(Path.GetDirectoryName(rig.Home)!,
        plan.Draw("env file's name").Next(2) == 0 ? "new.env" : "pgpass");

    /// <summary>Those of other apps, as APP:VAR, that the cut-over changes.</summary>
    public IReadOnlyList<(string App, string Name)> SetConfig =>
        plan.Sets ? [.. HasSecond ? [(Second, Own)] : (IEnumerable<(string, string)>)[], (rig.App, Other)] : [];

    private string Second => rig.App + "-too";

    private bool HasSecond => plan.HasSecondApp;

    public IReadOnlyList<string> Flags =>
    [
        .. plan.Target == ChaosTarget.Created ? ["--create-app"] : (string[])[],
        .. plan.Revokes ? ["--freeze", "revoke"] : (string[])[],
        .. plan.OnlyWorkers ? ["--workers"] : (string[])[],
        .. HasSecond && !plan.IsLoose ? ["--app", Second] : (string[])[],
        .. plan.HasEnvFile ? ["--env-file", EnvFile] : (string[])[],
        // It finds the way by DATABASE_URL alone, as every program of the user's would.
        .. plan.Asks
            ? ["--accept-command", "case \"$DATABASE_URL\" in postgres://*) ;; *) exit 1 ;; esac"] : (string[])[],
        .. SetConfig.SelectMany(one => (string[])["--set-config", $"{one.App}:{one.Name}"]),
    ];

    /// <summary>As the loose app does it: the ledger is written wherever its config var leads, from the moment that it
    /// is changed.</summary>
    public async Task LeadAsync(Ledger ledger, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if ((await rig.GetAsync($"/apps/{Second}/config-vars"))[Own]?.GetValue<string>() is { } url)
                    ledger.MoveTo(url == rig.SourceUrl.Reveal() ? ledger.Source : LocalHeroku.Connection(url));
            }
            catch (Exception e) when (e is HttpRequestException or Xunit.Sdk.XunitException)
            {
                // Heroku is in trouble; whoever runs goes on as it does.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task MakeAsync()
    {
        if (plan.Target != ChaosTarget.Created)
            await MakeOwnAsync();
        if (!HasSecond)
            return;
        await rig.SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = Second });
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{Second}/formation", new JsonObject
        {
            ["updates"] = new JsonArray(
                new JsonObject { ["type"] = "worker", ["quantity"] = 5, ["size"] = "performance-m" }),
        });
        await SetAsync(Second, (Own, rig.SourceUrl.Reveal()), ("OF", "the second"));
    }

    public async Task DeleteAsync()
    {
        foreach (var app in Names)
        {
            if (await ExistsAsync(app))
                await rig.SendAsync(HttpMethod.Delete, $"/apps/{app}");
        }
    }

    public async Task<bool> ExistsAsync(string app) =>
        (await rig.GetAsync("/apps")).AsArray().Any(one => one!["name"]!.GetValue<string>() == app);

    private async Task MakeOwnAsync()
    {
        await rig.CreateAppAsync();
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{rig.App}/formation", new JsonObject
        {
            ["updates"] = new JsonArray(
                new JsonObject { ["type"] = "web", ["quantity"] = 3, ["size"] = "standard-2x" },
                new JsonObject { ["type"] = "clock", ["quantity"] = 1, ["size"] = "standard-1x" }),
        });
        await SetAsync(rig.App, ("GREETING", "kia ora"), ("KEY", GodwitRig.SecretMark + "-of-the-app"));
        if (plan.Sets)
            await SetAsync(rig.App, (Other, rig.SourceUrl.Reveal()));
        if (plan.WasInMaintenance)
            await rig.SendAsync(HttpMethod.Patch, $"/apps/{rig.App}", new JsonObject { ["maintenance"] = true });
        if (plan.Target == ChaosTarget.Plain)
            await SetAsync(rig.App, (Own, rig.SourceUrl.Reveal()));
        if (plan.Target is ChaosTarget.Only or ChaosTarget.Second)
            await rig.AddDatabaseAsync();
        if (plan.Target == ChaosTarget.Second)
            await rig.AddDatabaseAsync(attachAs: "NEWDB");
    }

    private async Task SetAsync(string app, params (string Name, string Value)[] values) =>
        await rig.SendAsync(HttpMethod.Patch, $"/apps/{app}/config-vars",
            new JsonObject(values.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Name, one.Value))));
}
