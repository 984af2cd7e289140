using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Platform;

internal sealed class AppEndpoints(
    LocalStore store, DatabaseServer databases, HerokuLocalOptions options, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("POST", "/apps", Create);
        routes.On("POST", "/teams/apps", Create);
        routes.On("GET", "/apps",
            call => store.Read(s => Paging.Page(call, s.Apps.Select(a => Shape(a, s)), "id", "name")));
        // The only account owns all apps.
        routes.On("GET", "/users/{user}/apps",
            call => store.Read(s => Paging.Page(call, s.Apps.Select(a => Shape(a, s)), "id", "name")));
        routes.On("GET", "/teams/{team}/apps", call => store.Read(s =>
            Paging.Page(call, s.Apps.Where(a => a.Team == call.Route("team")).Select(a => Shape(a, s)), "id", "name")));
        routes.On("GET", "/apps/{app}/domains", call =>
            store.Read(s => Paging.Page(call, [PlatformShapes.Domain(s.App(call.Route("app")))], "id", "hostname")));
        routes.On("GET", "/apps/{app}/log-drains",
            call => store.Read(s => s.App(call.Route("app")) is not null ? Reply.Ok(new JsonArray()) : null!));
        routes.On("GET", "/apps/{app}", call => store.Read(s => Reply.Ok(Shape(s.App(call.Route("app")), s))));
        routes.On("PATCH", "/apps/{app}", Update);
        routes.On("DELETE", "/apps/{app}", DeleteAsync);
        routes.On("PUT", "/apps/{app}/buildpack-installations",
            call => store.Read(s => s.App(call.Route("app")) is not null ? Reply.Ok(new JsonArray()) : null!));
        routes.On("GET", "/apps/{app}/collaborators", Collaborators);
        routes.On("GET", "/apps/{app}/pipeline-couplings", call => store.Read<Reply>(s =>
            s.App(call.Route("app")) is var app ? throw ApiException.NotFound("pipeline_coupling",
                $"Couldn't find a pipeline coupling for {app.Name}.") : null!));
        routes.On("GET", "/apps/{app}/config-vars",
            call => store.Read(s => Reply.Ok(ConfigOf(s, s.App(call.Route("app"))))));
        routes.On("PATCH", "/apps/{app}/config-vars", SetConfig);
    }

    private JsonObject Shape(AppState app, LocalState state) => PlatformShapes.App(app, state, options.Email);

    private Reply Create(Call call)
    {
        var name = call.Text("name") ?? Names.NewApp();
        if (!Names.IsApp(name))
            throw ApiException.Invalid(Names.AppRule);
        return store.Change(state =>
        {
            if (state.Apps.Exists(a => a.Name == name))
                throw ApiException.Invalid($"Name {name} is already taken");
            var now = clock.GetUtcNow();
            var app = new AppState
            {
                Name = name,
                Region = call.Reference("region") ?? "us",
                Team = call.Reference("team"),
                Space = call.Reference("space"),
                Stack = call.Reference("stack") ?? "heroku-24",
                CreatedAt = now,
                UpdatedAt = now,
                Formation =
                [
                    .. options.ProcessTypes.Select(p => new ProcessState
                    {
                        Type = p.Key, Quantity = p.Value, Command = $"bin/{p.Key}", UpdatedAt = now,
                    }),
                ],
            };
            app.AddRelease("Initial release", now);
            app.AddRelease("Enable Logplex", now);
            state.Apps.Add(app);
            return Reply.Created(Shape(app, state));
        });
    }

    private Reply Update(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        if (call.Text("name") is { } name && name != app.Name)
            throw ApiException.Invalid("heroku-local does not rename apps.");
        if (call.Text("maintenance") is { } maintenance)
            app.Maintenance = maintenance == "true";
        app.UpdatedAt = clock.GetUtcNow();
        return Reply.Ok(Shape(app, state));
    });

    private async Task<Reply> DeleteAsync(Call call)
    {
        var (shape, addons) = store.Change(state =>
        {
            var app = state.App(call.Route("app"));
            var gone = state.Addons.Where(a => a.AppId == app.Id).ToList();
            var body = Shape(app, state);
            state.Attachments.RemoveAll(a => a.AppId == app.Id || gone.Exists(g => g.Id == a.AddonId));
            state.Addons.RemoveAll(gone.Contains);
            state.Apps.Remove(app);
            return (body, gone);
        });
        foreach (var addon in addons)
            await databases.DropAsync(addon, call.Ct);
        return Reply.Ok(shape);
    }

    private Reply Collaborators(Call call) => store.Read(state =>
    {
        var app = state.App(call.Route("app"));
        var owner =
            new JsonObject { ["id"] = state.AccountId.ToString(), ["email"] = options.Email, ["federated"] = false };
        return Reply.Ok(new JsonArray(new JsonObject
        {
            ["id"] = Names.StableId($"collaborator/{app.Id}").ToString(),
            ["app"] = PlatformShapes.Reference(app),
            ["user"] = owner,
            ["role"] = "owner",
            ["created_at"] = PlatformShapes.Time(app.CreatedAt),
            ["updated_at"] = PlatformShapes.Time(app.CreatedAt),
        }));
    });

    private JsonObject ConfigOf(LocalState state, AppState app) =>
        new(state.Config(app, databases.Url).Select(v => KeyValuePair.Create<string, JsonNode?>(v.Key, v.Value)));

    private Reply SetConfig(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        var owned = state.Attachments.Where(a => a.AppId == app.Id).Select(a => a.ConfigVar)
            .Intersect(call.Body.Select(p => p.Key)).ToList();
        if (owned.Count > 0)
            throw ApiException.Invalid($"Cannot overwrite attachment values {string.Join(", ", owned)}.");
        var set = call.Body.Where(p => p.Value is not null).Select(p => (p.Key, Value: Call.TextOf(p.Value)!)).ToList();
        var removed = call.Body.Where(p => p.Value is null && app.ConfigVars.ContainsKey(p.Key))
            .Select(p => p.Key).ToList();
        var changed = set.Exists(p => !app.ConfigVars.TryGetValue(p.Key, out var old) || old != p.Value)
            || removed.Count > 0;
        foreach (var (key, value) in set)
            app.ConfigVars[key] = value;
        removed.ForEach(key => app.ConfigVars.Remove(key));
        if (changed)
            app.AddRelease(Describe(set.ConvertAll(p => p.Key), removed), clock.GetUtcNow());
        return Reply.Ok(ConfigOf(state, app));
    });

    private static string Describe(List<string> set, List<string> removed)
    {
        var parts = new List<string>();
        if (set.Count > 0)
            parts.Add("Set " + string.Join(", ", set));
        if (removed.Count > 0)
            parts.Add("Remove " + string.Join(", ", removed));
        return string.Join(" and ", parts) + " config vars";
    }
}
