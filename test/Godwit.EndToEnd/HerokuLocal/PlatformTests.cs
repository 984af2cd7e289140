using System.Text.Json.Nodes;
using Npgsql;

namespace Godwit.EndToEnd.HerokuLocal;

public sealed class PlatformTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_appears_with_its_config_var_and_release_when_it_is_provisioned_and_not_before()
    {
        await using var heroku = await LocalHeroku.StartAsync(null, false, "addon:slow=700ms");
        await heroku.PostAsync("/apps", new JsonObject { ["name"] = "migr-target" }, 201);
        var addon = await heroku.PostAsync("/apps/migr-target/addons", new JsonObject
        {
            ["attachment"] = new JsonObject(), ["config"] = new JsonObject(),
            ["plan"] = new JsonObject { ["name"] = "heroku-postgresql:essential-1" },
        }, 201);
        Assert.Equal("provisioning", addon["state"]!.GetValue<string>());
        Assert.Equal("DATABASE_URL", addon["config_vars"]![0]!.GetValue<string>());
        var id = addon["id"]!.GetValue<string>();
        Assert.Empty((await heroku.GetAsync("/apps/migr-target/config-vars")).AsObject());
        var (notYet, body) = await heroku.RawAsync(HttpMethod.Get, $"/client/v11/databases/{id}");
        Assert.Equal((404, ""), ((int)notYet.StatusCode, body));
        Assert.True((await heroku.GetAsync($"/client/v11/databases/{id}/wait_status"))["waiting?"]!.GetValue<bool>());

        await LocalHeroku.UntilAsync(async () =>
            !(await heroku.GetAsync($"/client/v11/databases/{id}/wait_status"))["waiting?"]!.GetValue<bool>());

        var url = (await heroku.GetAsync("/apps/migr-target/config-vars"))["DATABASE_URL"]!.GetValue<string>();
        Assert.StartsWith("postgres://u", url, StringComparison.Ordinal);
        var (releases, text) = await heroku.RawAsync(HttpMethod.Get, "/apps/migr-target/releases", null,
            ("Range", "version ..; order=desc,max=1"));
        Assert.Equal(206, (int)releases.StatusCode);
        var newest = Assert.Single(JsonNode.Parse(text)!.AsArray())!;
        Assert.Equal($"Attach DATABASE (@ref:{addon["name"]})", newest["description"]!.GetValue<string>());
        Assert.Equal(3, newest["version"]!.GetValue<int>());
        var info = await heroku.GetAsync($"/client/v11/databases/{id}");
        Assert.Equal(url, info["resource_url"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_owner_is_no_superuser_and_may_create_the_allowed_extensions_only()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (_, connection) = await heroku.CreateAppAsync("ext-app");
        Assert.False(await LocalHeroku.ScalarAsync<bool>(connection,
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles "
            + "WHERE rolname = current_user"));
        await LocalHeroku.ScalarAsync<object>(connection, "CREATE EXTENSION hstore");
        await LocalHeroku.ScalarAsync<object>(connection, "CREATE EXTENSION IF NOT EXISTS dblink WITH SCHEMA public");
        await LocalHeroku.ScalarAsync<object>(connection, "DROP EXTENSION dblink");
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            LocalHeroku.ScalarAsync<object>(connection, "CREATE EXTENSION file_fdw"));
        Assert.Equal("42501", refused.SqlState);
        var comment = await Assert.ThrowsAsync<PostgresException>(() =>
            LocalHeroku.ScalarAsync<object>(connection, "COMMENT ON EXTENSION hstore IS 'x'"));
        Assert.Equal("must be owner of extension hstore", comment.MessageText);
        await Assert.ThrowsAsync<PostgresException>(() =>
            LocalHeroku.ScalarAsync<object>(connection, "CREATE ROLE another"));
        Assert.Contains("hstore",
            await LocalHeroku.ScalarAsync<string>(connection, "SELECT current_setting('rds.allowed_extensions')"));
        Assert.False(await LocalHeroku.ScalarAsync<bool>(connection,
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
    }

    [Fact]
    public async Task The_plan_s_connection_limit_holds()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("limit-app");
        var open = new List<NpgsqlConnection>();
        var refused = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            for (var i = 0; i < 21; i++)
            {
                open.Add(new(connection));
                await open[^1].OpenAsync(Ct);
            }
        });
        Assert.Equal("53300", refused.SqlState);
        Assert.Equal(21, open.Count);
        var info = await heroku.GetAsync($"/client/v11/databases/{addon}");
        Assert.Contains(info["info"]!.AsArray(), line =>
            line!["name"]!.GetValue<string>() == "Connections" && line["values"]![0]!.GetValue<string>() == "20/20");
        foreach (var one in open)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task Everything_but_a_running_request_survives_a_restart()
    {
        string folder, connection;
        await using (var first = await LocalHeroku.StartAsync(null, keepFolder: true))
        {
            folder = first.Folder;
            (_, connection) = await first.CreateAppAsync("stays");
            await LocalHeroku.ScalarAsync<object>(connection, "CREATE TABLE t AS SELECT 5 AS a");
            await first.SendAsync(HttpMethod.Patch, "/apps/stays/config-vars", new JsonObject { ["FOO"] = "bar" });
            await first.SendAsync(HttpMethod.Patch, "/apps/stays/formation",
                JsonNode.Parse("""{"updates":[{"type":"worker","quantity":"+2"}]}"""));
            // Disposed without being stopped: the server is killed.
        }

        await using var second = await LocalHeroku.StartAsync(folder);
        var config = await second.GetAsync("/apps/stays/config-vars");
        Assert.Equal("bar", config["FOO"]!.GetValue<string>());
        Assert.Equal(connection, LocalHeroku.Connection(config["DATABASE_URL"]!.GetValue<string>()));
        Assert.Equal(5, await LocalHeroku.ScalarAsync<int>(connection, "SELECT a FROM t"));
        Assert.Equal(3, (await second.GetAsync("/apps/stays/formation/worker"))["quantity"]!.GetValue<int>());
    }

    [Fact]
    public async Task Errors_have_Heroku_s_shape()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var noApp = await heroku.GetAsync("/apps/nope", 404);
        Assert.Equal("""{"id":"not_found","message":"Couldn't find that app.","resource":"app"}""", noApp.ToJsonString(
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        await heroku.PostAsync("/apps", new JsonObject { ["name"] = "taken" }, 201);
        Assert.Equal("Name taken is already taken", (await heroku.PostAsync("/apps",
            new JsonObject { ["name"] = "taken" }, 422))["message"]!.GetValue<string>());
        await heroku.PostAsync("/apps/taken/addons", new JsonObject { ["plan"] = "heroku-postgresql:bogus" }, 422);
        await heroku.GetAsync("/no/such/endpoint", 404);
        Assert.Equal("add_on attachment", (await heroku.PostAsync("/actions/addon-attachments/resolve",
            new JsonObject { ["addon_attachment"] = "DATABASE_URL", ["app"] = "taken" }, 404))["resource"]!
            .GetValue<string>());
        var (gone, body) = await heroku.RawAsync(HttpMethod.Get, $"/client/v11/databases/{Guid.NewGuid()}");
        Assert.Equal((404, ""), ((int)gone.StatusCode, body));
        Assert.True(gone.Headers.Contains("Request-Id"));
        Assert.True(gone.Headers.Contains("RateLimit-Remaining"));

        heroku.Client.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        Assert.Equal("unauthorized", (await heroku.GetAsync("/account", 401))["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_reads_credentials_has_to_give_Basic()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        var (addon, connection) = await heroku.CreateAppAsync("cred-app");
        await heroku.GetAsync($"/postgres/v0/databases/{addon}/credentials", 401);
        heroku.Client.DefaultRequestHeaders.Authorization = LocalHeroku.Basic(heroku.Server.Token);
        var one = await heroku.GetAsync($"/postgres/v0/databases/{addon}/credentials/default");
        Assert.Equal(new NpgsqlConnectionStringBuilder(connection).Password,
            one["credentials"]![0]!["password"]!.GetValue<string>());
        await heroku.GetAsync("/account", 401);
    }

    [Fact]
    public async Task Promoting_moves_DATABASE_to_another_add_on_and_leaves_two_releases()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        await heroku.CreateAppAsync("promo");
        var second = await heroku.CreateDatabaseAsync("promo", "heroku-postgresql:standard-0");
        var name = (await heroku.GetAsync($"/addons/{second}"))["name"]!.GetValue<string>();
        // Ordering a third one under the name the first holds needs the same confirmation.
        await heroku.PostAsync("/apps/promo/addons",
            JsonNode.Parse("""{"plan":"heroku-postgresql","attachment":{"name":"DATABASE"}}"""), 423);
        var body = new JsonObject
        {
            ["addon"] = new JsonObject { ["name"] = name }, ["app"] = new JsonObject { ["name"] = "promo" },
            ["name"] = "DATABASE", ["namespace"] = null,
        };
        var refused = await heroku.PostAsync("/addon-attachments", body.DeepClone(), 423);
        Assert.Equal("confirmation_required", refused["id"]!.GetValue<string>());
        body["confirm"] = "promo";
        // The only attachment of the old one: it would be lost.
        await heroku.PostAsync("/addon-attachments", body.DeepClone(), 422);
        var old = (await heroku.GetAsync("/apps/promo/addon-attachments/DATABASE"))["addon"]!["name"]!
            .GetValue<string>();
        await heroku.PostAsync("/addon-attachments",
            new JsonObject { ["addon"] = old, ["app"] = "promo", ["confirm"] = "promo" }, 201);

        await heroku.PostAsync("/addon-attachments", body, 201);

        Assert.Equal(name,
            (await heroku.GetAsync("/apps/promo/addon-attachments/DATABASE"))["addon"]!["name"]!.GetValue<string>());
        var (_, text) = await heroku.RawAsync(HttpMethod.Get, "/apps/promo/releases", null,
            ("Range", "version ..; max=2, order=desc"));
        Assert.Equal([$"Attach DATABASE (@ref:{name})", $"Detach DATABASE (@ref:{old})"],
            JsonNode.Parse(text)!.AsArray().Select(r => r!["description"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_connection_pool_is_not_for_Essential_plans()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        await heroku.CreateAppAsync("pooled");
        var essential = await heroku.CreateDatabaseAsync("pooled", "heroku-postgresql:essential-0");
        var standard = await heroku.CreateDatabaseAsync("pooled", "heroku-postgresql:standard-0");
        JsonObject Asked(string addon) => new()
        {
            ["addon"] = addon, ["app"] = "pooled", ["name"] = "POOL", ["namespace"] = "connection-pooling:default",
        };

        await heroku.PostAsync("/addon-attachments", Asked(essential), 422);
        await heroku.PostAsync($"/client/v11/databases/{essential}/connection-pooling",
            new JsonObject { ["app"] = "pooled" }, 422);
        await heroku.PostAsync("/addon-attachments", Asked(standard), 201);
        var pool = await heroku.PostAsync($"/client/v11/databases/{standard}/connection-pooling",
            new JsonObject { ["app"] = "pooled" }, 201);

        Assert.Equal("DATABASE_CONNECTION_POOL", pool["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_variable_owned_by_an_attachment_cannot_be_overwritten()
    {
        await using var heroku = await LocalHeroku.StartAsync();
        await heroku.CreateAppAsync("owned");
        var refused = await heroku.SendAsync(HttpMethod.Patch, "/apps/owned/config-vars",
            new JsonObject { ["DATABASE_URL"] = "postgres://x" }, 422);
        Assert.Equal("Cannot overwrite attachment values DATABASE_URL.", refused["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Ordered_trouble_comes_as_often_as_it_was_ordered()
    {
        await using var heroku = await LocalHeroku.StartAsync(null, false, "http:429,count=1,retry-after=7",
            "http:500,path=/apps/x*,count=1");
        var (busy, _) = await heroku.RawAsync(HttpMethod.Get, "/account");
        Assert.Equal((429, "7"), ((int)busy.StatusCode, busy.Headers.RetryAfter!.ToString()));
        await heroku.GetAsync("/account");
        await heroku.GetAsync("/apps/xyz", 500);
        await heroku.GetAsync("/apps/xyz", 404);
        heroku.Server.AddFault("http:cut,count=1");
        await Assert.ThrowsAsync<HttpRequestException>(() => heroku.GetAsync("/account"));
        await heroku.GetAsync("/account");
        heroku.Server.AddFault("addon:deprovisions,count=1");
        await heroku.PostAsync("/apps", new JsonObject { ["name"] = "deprov" }, 201);
        var addon = await heroku.CreateDatabaseAsync("deprov");
        Assert.Equal("deprovisioned", (await heroku.GetAsync($"/addons/{addon}"))["state"]!.GetValue<string>());
    }
}
