using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Platform;

/// <summary>An app's releases, each with its config vars, and rolling back to one.</summary>
internal sealed class ReleaseEndpoints(
    LocalStore store, DatabaseServer databases, HerokuLocalOptions options, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", "/apps/{app}/releases", call => store.Read(s => s.App(call.Route("app")) is var app
            ? Paging.Page(call, app.Releases.Select(release => Shape(release, app, s)), "version", "id") : null!));
        routes.On("GET", "/apps/{app}/releases/{release}", call => store.Read(s => s.App(call.Route("app")) is var app
            ? Reply.Ok(Shape(Find(app, call.Route("release")), app, s)) : null!));
        routes.On("GET", "/apps/{app}/releases/{release}/config-vars", call => store.Read(s => Reply.Ok(new JsonObject(
            (Find(s.App(call.Route("app")), call.Route("release")).Config ?? [])
                .Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))))));
        routes.On("POST", "/apps/{app}/releases", RollBack);
    }

    private static ReleaseState Find(AppState app, string asked)
    {
        var (idOrVersion, version) = (asked, asked.TrimStart('v'));
        return app.Releases.Find(one =>
            one.Id.ToString() == idOrVersion || FormattableString.Invariant($"{one.Version}") == version)
            ?? throw ApiException.NotFound("release", "Couldn't find that release.");
    }

    private JsonObject Shape(ReleaseState release, AppState app, LocalState state) =>
        PlatformShapes.Release(release, app, state, options.Email, clock.GetUtcNow());

    // Restores the values of config vars, including those of attachments, but not the attachments. So a rollback can
    // take DATABASE_URL from an app whose database stays attached, as at Heroku.
    // https://devcenter.heroku.com/articles/releases#rollback
    private Reply RollBack(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        if (call.Text("release") is not { } asked)
            throw ApiException.Invalid("heroku-local deploys nothing: a release is made of an earlier one only.");
        var to = Find(app, asked);
        var now = clock.GetUtcNow();
        if (to.Status(now) != "succeeded")
            throw ApiException.Invalid($"Cannot rollback to a release that is {to.Status(now)}.");
        var then = to.Config ?? [];
        var attached = state.Attachments
            .Where(one => one.AppId == app.Id && state.AddonOf(one).State == AddonState.Provisioned)
            .Select(one => one.ConfigVar).ToHashSet(StringComparer.Ordinal);
        app.RolledBack.Clear();
        var live = state.Config(app, databases.Url);
        app.ConfigVars.Clear();
        foreach (var (name, value) in then.Where(one => !attached.Contains(one.Key)))
            app.ConfigVars[name] = value;
        foreach (var name in attached.Where(name => then.GetValueOrDefault(name) != live.GetValueOrDefault(name)))
            app.RolledBack[name] = then.GetValueOrDefault(name);
        app.AddRelease(FormattableString.Invariant($"Rollback to v{to.Version}"), now);
        return Reply.Created(Shape(app.Releases[^1], app, state));
    });
}
