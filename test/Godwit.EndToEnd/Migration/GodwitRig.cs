using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.HerokuLocal;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Npgsql;

namespace Godwit.EndToEnd.Migration;

/// <summary>The contents of a journey's source.</summary>
public enum SourceContents
{
    /// <summary>A handful of tables with odd names, a sequence, a view, a large object.</summary>
    Small,

    /// <summary>The small contents, and a table whose dump and restore take seconds, so that a test can act
    /// meanwhile.</summary>
    Slow,

    /// <summary>Limosa Coffee: 46 tables, 377,692 rows.</summary>
    Sample,
}

/// <summary>One journey: a source database, an app's name, a store on disk, a home, and the real binary.</summary>
public sealed partial class GodwitRig : IAsyncDisposable
{
    /// <summary>Workers of the app before anything happens.</summary>
    public const int Workers = 2;

    /// <summary>The beginning of every secret of a rig, and of nothing else.</summary>
    public const string SecretMark = "s3cr3t";

    private readonly Dictionary<string, Secret?> _environment;
    private readonly HttpClient _http;
    private readonly string _folder;
    private readonly string _owner;
    private readonly List<GodwitProcess> _started = [];
    private int _commands;

    private GodwitRig(LocalCluster source, HerokuLocalServer heroku, string folder)
    {
        var unique = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        (Source, Heroku, _folder) = (source, heroku, folder);
        App = "journey-" + unique;
        Database = _owner = "journey_" + unique;
        SourcePassword = new Secret(SecretMark + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        Via = "disk:" + StoreFolder;
        Home = Path.Combine(folder, "home");
        _environment = new Dictionary<string, Secret?>
        {
            ["HOME"] = new(folder),
            ["TERM"] = new("dumb"),
            ["SOURCE_URL"] = SourceUrl,
            ["PGPASSWORD"] = null,
            ["PGPASSFILE"] = null,
        };
        foreach (var (name, value) in heroku.CliEnvironment())
            _environment[name] = value;
        _http = new HttpClient { BaseAddress = new Uri(heroku.Url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", heroku.Token.Reveal());
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.heroku+json; version=3");
    }

    public LocalCluster Source { get; }

    public HerokuLocalServer Heroku { get; }

    public string App { get; }

    /// <summary>The source database. Its owner is an ordinary role of the same name.</summary>
    public string Database { get; }

    public Secret SourcePassword { get; }

    public Secret SourceUrl => Source.Url(Database, _owner, SourcePassword);

    /// <summary>GODWIT_HOME. Another value acts like another machine.</summary>
    public string Home { get; set; }

    /// <summary>Deleted with the rig.</summary>
    public string Folder => _folder;

    public string StoreFolder => Path.Combine(_folder, "store");

    /// <summary>The store of <see cref="Migrate"/>; <see cref="StoreFolder"/> unless changed.</summary>
    public string Via { get; set; }

    /// <summary>Variables for the binary; null removes one.</summary>
    public IDictionary<string, Secret?> Environment => _environment;

    /// <summary>The journey's command line. The app exists already unless <c>--create-app</c> is added.</summary>
    public IReadOnlyList<string> Migrate =>
        ["migrate", "--from", "env:SOURCE_URL", "--to", "heroku:" + App, "--via", Via, "--i-have-a-backup"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="heroku">Null: the local Heroku that all journeys share.</param>
    /// <param name="createApp">True: the rig creates the app. False: the command must create it.</param>
    /// <param name="source">Null: the server that all journeys share.</param>
    /// <param name="script">SQL that the owner runs instead of creating the contents.</param>
    public static async Task<GodwitRig> CreateAsync(
        JourneyServers servers, SourceContents contents = SourceContents.Small, HerokuLocalServer? heroku = null,
        bool createApp = true,
        LocalCluster? source = null, string? script = null)
    {
        var rig = new GodwitRig(source ?? await servers.SourceAsync(), heroku ?? await servers.HerokuAsync(),
            TestRun.NewFolder());
        try
        {
            await rig.Source.ExecuteAsync("postgres",
                $"CREATE ROLE {rig._owner} LOGIN PASSWORD '{rig.SourcePassword.Reveal()}'", Ct);
            await rig.CreateSourceAsync(source is null && script is null && contents != SourceContents.Small
                ? await servers.TemplateAsync(contents) : null, contents, script);
            if (createApp)
                await rig.CreateAppAsync();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public Task CreateAppAsync() => SendAsync(HttpMethod.Post, "/apps", new JsonObject { ["name"] = App });

    /// <summary>Orders an add-on, attached to the app, and waits until it is ready.</summary>
    /// <returns>The add-on's name.</returns>
    public async Task<string> AddDatabaseAsync(string? attachAs = null, string plan = "heroku-postgresql:essential-1")
    {
        var body = new JsonObject { ["plan"] = plan };
        if (attachAs is not null)
            body["attachment"] = new JsonObject { ["name"] = attachAs };
        var name = (await SendAsync(HttpMethod.Post, $"/apps/{App}/addons", body))["name"]!.GetValue<string>();
        await LocalHeroku.UntilAsync(async () =>
            (await GetAsync($"/apps/{App}/addons/{name}"))["state"]!.GetValue<string>() == "provisioned");
        return name;
    }

    /// <summary>True for tests of the process itself, or of variables that libraries read: no command is called inside
    /// the test process.</summary>
    public bool StartsProgram { get; set; }

    /// <summary>Runs a command to its end.</summary>
    public async Task<GodwitEnd> RunAsync(params IReadOnlyList<string> arguments) =>
        StartsProgram || !CalledGodwit.Fits(arguments, _environment)
            ? await Start(arguments).EndAsync() : await CalledGodwit.RunAsync(arguments, Variables(), NewErrorFile());

    /// <summary>Starts a command, which runs until it ends or is killed. Disposing the rig kills it.</summary>
    public GodwitProcess Start(params IReadOnlyList<string> arguments)
    {
        var process = new GodwitProcess(arguments, Variables(), NewErrorFile());
        _started.Add(process);
        return process;
    }

    /// <summary>From here on, dumps go through a bucket. The endpoint is left to <c>--s3-endpoint</c>.</summary>
    public void UseBucket(string bucket)
    {
        Via = $"s3://{bucket}/dumps";
        _environment["AWS_ACCESS_KEY_ID"] = new(SwiftServer.Keys.Id);
        _environment["AWS_SECRET_ACCESS_KEY"] = SwiftServer.Keys.Key;
    }

    /// <summary>After <see cref="UseBucket"/>: the bucket as one of any service with the S3 API.</summary>
    public void UseService(string endpoint)
    {
        Via = Via.Replace("s3://", $"s3+{endpoint}/", StringComparison.Ordinal);
        foreach (var name in new[] { "ACCESS_KEY_ID", "SECRET_ACCESS_KEY" })
        {
            _environment["S3_" + name] = _environment["AWS_" + name];
            _environment.Remove("AWS_" + name);
        }
    }

    /// <summary>From here on Godwit finds no PostgreSQL programs on this machine.</summary>
    public void HidePgDump()
    {
        for (var major = 12; major <= 30; major++)
            _environment[$"GODWIT_PG_BIN_{major.ToString(CultureInfo.InvariantCulture)}"] = new("/nonexistent");
    }

    /// <summary>Newest first; empty when no run has begun.</summary>
    public IReadOnlyList<string> RunFolders =>
        Directory.Exists(Path.Combine(Home, "runs")) ? [.. Directory.GetDirectories(Path.Combine(Home, "runs"))
            .OrderDescending(StringComparer.Ordinal)] : [];

    public string RunId => Path.GetFileName(RunFolders[0]);

    public async Task<JsonNode> GetAsync(string path) => await SendAsync(HttpMethod.Get, path);

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public async Task<bool> AppExistsAsync()
    {
        using var answer = await _http.GetAsync(new Uri($"/apps/{App}", UriKind.Relative), Ct);
        return answer.IsSuccessStatusCode;
    }

    public async Task<bool> IsInMaintenanceAsync() => (await GetAsync($"/apps/{App}"))["maintenance"]!.GetValue<bool>();

    public async Task<int> WorkersAsync() =>
        (await GetAsync($"/apps/{App}/formation"))
            .AsArray().Single(one => one!["type"]!.GetValue<string>() == "worker")!["quantity"]!.GetValue<int>();

    /// <summary>A config var of the app; null when it has none of that name.</summary>
    public async Task<string?> ConfigVarAsync(string name) =>
        (await GetAsync($"/apps/{App}/config-vars"))[name]?.GetValue<string>();

    /// <summary>The add-on behind DATABASE_URL.</summary>
    public async Task<string?> PrimaryAsync() => (await GetAsync($"/apps/{App}/addon-attachments")).AsArray()
        .SingleOrDefault(one => one!["name"]!.GetValue<string>() == "DATABASE")?["addon"]!["name"]!.GetValue<string>();

    public async Task<string> TargetConnectionAsync(string configVar = "DATABASE_URL") =>
        LocalHeroku.Connection(await ConfigVarAsync(configVar)
            ?? throw new InvalidOperationException($"{App} has no {configVar}"));

    /// <summary>The owner's connection string. Without pooling, so that each connection is a new session.</summary>
    public Secret SourceConnection => Source.ConnectionString(Database, _owner, SourcePassword);

    /// <summary>An empty database on the source's server, with the same owner. Deleted with the rig.</summary>
    public async Task<Secret> OtherSourceAsync()
    {
        await Source.ExecuteAsync("postgres", $"CREATE DATABASE {Database}_other OWNER {_owner}", Ct);
        return Source.Url(Database + "_other", _owner, SourcePassword);
    }

    public async Task ExecuteAtSourceAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(SourceConnection.Reveal());
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>Runs SQL as the application, on its present database.</summary>
    public async Task<T?> ScalarAtTargetAsync<T>(string sql) =>
        await LocalHeroku.ScalarAsync<T>(await TargetConnectionAsync(), sql);

    /// <summary>Files in the store's folder, parts and leftovers included.</summary>
    public IReadOnlyList<string> StoreFiles =>
        Directory.Exists(StoreFolder) ? [.. Directory.EnumerateFiles(StoreFolder, "*",
            SearchOption.AllDirectories)] : [];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
            await process.DisposeAsync();
        this.KillRuns();
        _http.Dispose();
        try
        {
            await Source.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {Database} WITH (FORCE)",
                CancellationToken.None);
            await Source.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {Database}_other WITH (FORCE)",
                CancellationToken.None);
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task CreateSourceAsync(string? template, SourceContents contents, string? script)
    {
        await Source.ExecuteAsync("postgres", $"CREATE DATABASE {Database} OWNER {_owner}"
            + (template is null ? "" : $" TEMPLATE {template}"), Ct);
        if (template is not null)
            await Source.ExecuteAsync(Database, $"REASSIGN OWNED BY {JourneyServers.TemplateOwner} TO {_owner}", Ct);
        else
            await JourneySource.FillAsync(SourceConnection, contents, script, Ct);
    }

    private Dictionary<string, Secret?> Variables() => new(_environment) { ["GODWIT_HOME"] = new(Home) };

    private string NewErrorFile() =>
        Path.Combine(_folder, $"stderr-{Interlocked.Increment(ref _commands).ToString(CultureInfo.InvariantCulture)}");
}
