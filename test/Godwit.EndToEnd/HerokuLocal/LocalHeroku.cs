using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.HerokuLocal;

/// <summary>A local Heroku in a temporary folder, and a plain HTTP client on it.</summary>
public sealed class LocalHeroku : IAsyncDisposable
{
    private readonly bool _keepFolder;

    private LocalHeroku(string folder, HerokuLocalServer server, bool keepFolder)
    {
        (Folder, Server, _keepFolder) = (folder, server, keepFolder);
        Client = new HttpClient { BaseAddress = new Uri(server.Url), Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token.Reveal());
        Client.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.heroku+json; version=3");
    }

    public string Folder { get; }

    public HerokuLocalServer Server { get; }

    public HttpClient Client { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="folder">Of an earlier one, to go on with what it left; the earlier one must keep it.</param>
    public static async Task<LocalHeroku> StartAsync(
        string? folder = null, bool keepFolder = false, params string[] faults)
    {
        folder ??= TestRun.NewFolder();
        var options = new HerokuLocalOptions
        {
            Folder = folder,
            Durable = false,
            ProvisioningTime = TimeSpan.FromMilliseconds(50),
            Faults = faults,
            // Whole classes share one, and on a quick machine they call more often than one account may.
            CallsPerHourMax = JourneyServers.CallsPerHourMax,
        };
        return new(folder,
            await HerokuLocalServer.StartAsync(options,
                new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct), keepFolder);
    }

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null, int expect = 200)
    {
        var (answer, text) = await RawAsync(method, path, body);
        Assert.True((int)answer.StatusCode == expect,
            $"{method} {path}: {(int)answer.StatusCode}, expected {expect}: {text}");
        return JsonNode.Parse(text) ?? throw new InvalidOperationException("null");
    }

    public async Task<(HttpResponseMessage Answer, string Text)> RawAsync(
        HttpMethod method, string path, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await Client.SendAsync(request, Ct);
        return (answer, await answer.Content.ReadAsStringAsync(Ct));
    }

    public Task<JsonNode> GetAsync(string path, int expect = 200) => SendAsync(HttpMethod.Get, path, null, expect);

    public Task<JsonNode> PostAsync(string path, JsonNode? body = null, int expect = 200) =>
        SendAsync(HttpMethod.Post, path, body, expect);

    public static AuthenticationHeaderValue Basic(Secret token) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + token.Reveal())));

    /// <summary>An app with a database that is ready.</summary>
    /// <returns>The add-on's id, and its DATABASE_URL as a connection string.</returns>
    public async Task<(string Addon, string Connection)> CreateAppAsync(
        string app, string plan = "heroku-postgresql:essential-1")
    {
        await PostAsync("/apps", new JsonObject { ["name"] = app }, 201);
        var addon = await CreateDatabaseAsync(app, plan);
        return (addon, Connection((await GetAsync($"/apps/{app}/config-vars"))["DATABASE_URL"]!.GetValue<string>()));
    }

    public async Task<string> CreateDatabaseAsync(string app, string plan = "heroku-postgresql:essential-1")
    {
        var addon = (await PostAsync($"/apps/{app}/addons", new JsonObject { ["plan"] = plan }, 201))["id"]!
            .GetValue<string>();
        await UntilAsync(async () =>
            (await GetAsync($"/apps/{app}/addons/{addon}"))["state"]!.GetValue<string>() != "provisioning");
        return addon;
    }

    /// <summary>Asks again every 50 ms until it is so; thirty seconds at most.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await isSo())
                return;
            await Task.Delay(50, Ct);
        }

        Assert.Fail("It did not become so within thirty seconds.");
    }

    public static string Connection(string url)
    {
        var parsed = new Uri(url);
        var user = parsed.UserInfo.Split(':');
        return new NpgsqlConnectionStringBuilder
        {
            Host = parsed.Host, Port = parsed.Port, Username = user[0], Password = user[1],
            Database = parsed.AbsolutePath[1..], SslMode = SslMode.Require, Pooling = false,
        }.ConnectionString;
    }

    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct) is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        if (!_keepFolder)
            Directory.Delete(Folder, recursive: true);
    }
}
