using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Godwit.Cutover.Switch;
using Godwit.EndToEnd.Heroku;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.EndToEnd.Cutover;

/// <summary>What DATABASE_URL of the app is before the switch.</summary>
public enum Former
{
    /// <summary>Another add-on.</summary>
    AddOn,

    /// <summary>A config var that points to the old provider.</summary>
    Plain,

    /// <summary>There is none.</summary>
    None,
}

/// <summary>An app with its target, an app that depends on the database by a variable, one to which it is attached, and
/// a folder.</summary>
internal sealed class SwitchRig : IProgress<StepEvent>, IDisposable
{
    public const string Old = "postgres://old:s3cr3t@old.example.com/shop";

    private readonly LocalHerokuForClients _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("godwit-switch-");
    private readonly HerokuClient _heroku;

    private SwitchRig(LocalHerokuForClients server)
    {
        var unique = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        (_server, _heroku, App, Other, Guest) = (server, server.Client(), "switch-" + unique, "other-" + unique,
            "guest-" + unique);
        EnvFile = Path.Combine(_folder.FullName, "shop.env");
    }

    public string App { get; }

    public string Other { get; }

    /// <summary>Its DATABASE_URL is before what that of <see cref="App"/> is.</summary>
    public string Guest { get; }

    public HerokuAddon Target { get; private set; } = null!;

    public DyingMemory Memory { get; } = new();

    public string EnvFile { get; set; }

    public string RunId { get; set; } = "20261121-1";

    public Func<CancellationToken, Task<string>>? RequireStillFrozen { get; set; }

    public List<StepEvent> Events { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SwitchRig> CreateAsync(LocalHerokuForClients server, Former former)
    {
        var rig = new SwitchRig(server);
        try
        {
            await rig.MakeAsync(former);
            return rig;
        }
        catch
        {
            rig.Dispose();
            throw;
        }
    }

    /// <summary>As another process makes it: it knows nothing but the memory.</summary>
    public SwitchStep Step() => new(
        [
            new PromotePart(_heroku, App, _ => Task.FromResult(Target), Memory, RunStory.CutOverKey,
                RunStory.OrderedKey),
            new ConfigPart(_heroku, Other, "JOBS_DB", UrlAsync, Memory),
            new ConfigPart(_heroku, Other, "NEW_DB", UrlAsync, Memory),
            new PromotePart(_heroku, Guest, _ => Task.FromResult(Target), new MemoryOfApp(Memory, Guest),
                RunStory.CutOverKey, RunStory.OrderedKey, attaches: true),
            new EnvFilePart(EnvFile, RunId, UrlAsync, Memory),
        ],
        RequireStillFrozen, Memory, TimeProvider.System);

    public Task<Evidence> RunAsync() => Step().RunAsync(this, Ct);

    public Task<string?> UndoAsync() => Step().UndoAsync(Ct);

    public async Task<Secret> UrlAsync(CancellationToken ct)
    {
        var attached = (await _heroku.ListAttachmentsAsync(App, ct)).First(one => one.Addon.Id == Target.Id);
        return (await _heroku.GetConfigVarsAsync(App, ct))[attached.Name + "_URL"];
    }

    public Task SetAsync(string app, params (string Name, string? Value)[] vars) => _heroku.PatchConfigVarsAsync(
        app, vars.ToDictionary(one => one.Name, one => one.Value is null ? null : new Secret(one.Value)), Ct);

    public async Task<string?> VarAsync(string app, string name) =>
        (await _heroku.GetConfigVarsAsync(app, Ct)).GetValueOrDefault(name)?.Reveal();

    /// <summary>Everything the switch may change.</summary>
    public async Task<string> WorldAsync()
    {
        var lines = new List<string>
        {
            File.Exists(EnvFile) ? "env file" : "no env file",
            string.Join(' ', _folder.EnumerateFiles().Select(file => file.Name)),
        };
        foreach (var app in new[] { App, Other, Guest })
        {
            lines.AddRange((await _heroku.GetConfigVarsAsync(app, Ct))
                .Select(one => $"{app} {one.Key}={one.Value.Reveal()}").Order(StringComparer.Ordinal));
            lines.AddRange((await _heroku.ListAttachmentsAsync(app, Ct))
                .Select(one => $"{app} {one.Name} is {one.Addon.Name} {one.Namespace}").Order(StringComparer.Ordinal));
        }

        return string.Join('\n', lines);
    }

    public async Task AssertSwitchedAsync()
    {
        var url = (await UrlAsync(Ct)).Reveal();
        Assert.Equal((url, url, url),
            (await VarAsync(App, "DATABASE_URL"), await VarAsync(Other, "JOBS_DB"), await VarAsync(Other, "NEW_DB")));
        Assert.Equal(url, await VarAsync(Guest, "DATABASE_URL"));
        Assert.Equal("red", await VarAsync(Other, "COLOUR"));
        Assert.Contains($"DATABASE_URL={url}\n", await File.ReadAllTextAsync(EnvFile, Ct), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(EnvFile));
        Assert.DoesNotContain(Memory.Kept, one => one.Value.Contains("postgres://", StringComparison.Ordinal));
    }

    public void Fault(string spec) => _server.Local.Server.AddFault(spec);

    public void Report(StepEvent value) => Events.Add(value);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _server.Local.Server.ClearFaults();
        _heroku.Dispose();
    }

    private async Task MakeAsync(Former former)
    {
        await _heroku.CreateAppAsync(new(App), Ct);
        await _heroku.CreateAppAsync(new(Other), Ct);
        await _heroku.CreateAppAsync(new(Guest), Ct);
        await SetAsync(Other, ("JOBS_DB", Old), ("COLOUR", "red"));
        if (former == Former.AddOn)
        {
            var ordered = await _server.OrderAsync(_heroku, App, "heroku-postgresql:essential-0");
            await _heroku.CreateAttachmentAsync(Guest, ordered.Name, "DATABASE", ns: null, Ct);
        }

        if (former == Former.Plain)
        {
            await SetAsync(App, ("DATABASE_URL", Old));
            await SetAsync(Guest, ("DATABASE_URL", Old));
        }

        var made = await _server.Local.PostAsync($"/apps/{App}/addons", new JsonObject
        {
            ["plan"] = "heroku-postgresql:essential-1",
            ["attachment"] = former == Former.Plain ? new JsonObject() : new JsonObject { ["name"] = "NEWDB" },
        }, 201);
        Target = await _server.WaitAsync(_heroku, App, made["name"]!.GetValue<string>());
    }
}
