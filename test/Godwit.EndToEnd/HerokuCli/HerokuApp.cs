using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Godwit.Faults;
using Npgsql;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>One app of its own on heroku-local, a CLI of its own to drive it, and a way past both to what PostgreSQL
/// holds.</summary>
internal sealed class HerokuApp : IDisposable
{
    /// <summary>Provisioning takes a few seconds here; longer means that it never comes.</summary>
    private static readonly TimeSpan ProvisionMax = TimeSpan.FromSeconds(30);

    private readonly HttpClient _api;
    private readonly Cli _cli;

    private HerokuApp(string name, Uri server, string token)
    {
        Name = name;
        _cli = new Cli(server, token);
        _api = new HttpClient { BaseAddress = server };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _api.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.heroku+json; version=3");
    }

    public string Name { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>An app that exists: created over HTTP, because the CLI's own way is one story of its own.</summary>
    public static async Task<HerokuApp> CreateAsync(HerokuLocalFixture heroku, string name)
    {
        var app = await NameOnlyAsync(heroku, name);
        using var created = await app._api.PostAsJsonAsync("/apps", new { name }, Ct);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return app;
    }

    /// <summary>A name nobody has taken, and a CLI.</summary>
    public static async Task<HerokuApp> NameOnlyAsync(HerokuLocalFixture heroku, string name, string? token = null)
    {
        var server = await heroku.ServerAsync(Ct);
        return new HerokuApp(name, new Uri(server.Url), token ?? server.Token.Reveal());
    }

    /// <summary><c>heroku … --app NAME</c>.</summary>
    public Task<Said> Heroku(params string[] arguments) => _cli.RunAsync(WithApp(arguments));

    /// <summary><c>heroku …</c>, for commands that know no app or name it themselves.</summary>
    public Task<Said> HerokuAlone(params string[] arguments) => _cli.RunAsync(arguments);

    /// <summary><c>heroku … --app NAME</c>, still running when this returns.</summary>
    public CliCall StartHeroku(params string[] arguments) => _cli.Start(WithApp(arguments));

    /// <summary>Adds a database over HTTP and waits until it is there.</summary>
    /// <returns>The add-on's name.</returns>
    public async Task<string> AddDatabaseAsync(string plan = "essential-0", string? attachAs = null)
    {
        using var answer = await _api.PostAsJsonAsync(
            $"/apps/{Name}/addons",
            new { plan = new { name = "heroku-postgresql:" + plan }, attachment = new { name = attachAs } }, Ct);
        var addon = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, addon.ToString());
        var name = addon.GetProperty("name").GetString()!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(ProvisionMax);
        while ((await GetAsync($"/apps/{Name}/addons/{name}")).GetProperty("state").GetString() != "provisioned")
            await Task.Delay(100, limit.Token);
        return name;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _api.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    /// <summary>What the app itself would see; null when the variable is not set.</summary>
    public async Task<string?> ConfigAsync(string name) =>
        (await GetAsync($"/apps/{Name}/config-vars")).TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>Asks PostgreSQL itself, as the app would: with its config var.</summary>
    public async Task<T> AskAsync<T>(string sql, string configVar = "DATABASE_URL")
    {
        var url = await ConfigAsync(configVar);
        Assert.NotNull(url);
        return await PgUrl.AskAsync<T>(url, sql, Ct);
    }

    public Task DoAsync(string sql, string configVar = "DATABASE_URL") => AskAsync<object?>(sql, configVar);

    public void Dispose()
    {
        _cli.Dispose();
        _api.Dispose();
    }

    // Behind `--` everything belongs to the add-on's configuration, so the app must stand before it.
    private string[] WithApp(string[] arguments) => [arguments[0], "--app", Name, .. arguments[1..]];
}

/// <summary>PostgreSQL asked through a URL, as an app would.</summary>
internal static class PgUrl
{
    public static async Task<T> AskAsync<T>(string url, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(url).Reveal());
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync(ct);
        return value is null or DBNull ? default! : (T)value;
    }

    private static Secret ConnectionString(string url)
    {
        var at = new Uri(url);
        var user = at.UserInfo.Split(':');
        return new Secret(new NpgsqlConnectionStringBuilder
        {
            Host = at.Host,
            Port = at.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = Uri.UnescapeDataString(user[1]),
            Database = Uri.UnescapeDataString(at.AbsolutePath[1..]),
            SslMode = SslMode.Require,
            Pooling = false,
        }.ConnectionString);
    }
}
