using System.Globalization;
using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Platform;

internal sealed class AddonEndpoints(
    LocalStore store, DatabaseServer databases, Provisioner provisioner, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("POST", "/apps/{app}/addons", Create);
        routes.On("GET", "/addons",
            call => store.Read(s => Paging.Page(call, s.Addons.Select(a => PlatformShapes.Addon(a, s)), "id", "name")));
        routes.On("GET", "/apps/{app}/addons", call => store.Read(s => s.App(call.Route("app")) is var app
            ? Paging.Page(call, s.Addons.Where(a => a.AppId == app.Id).Select(a => PlatformShapes.Addon(a, s)), "id",
                "name") : null!));
        routes.On("GET", "/apps/{app}/addons/{addon}",
            call => store.Read(s => Reply.Ok(PlatformShapes.Addon(InApp(s, call), s))));
        routes.On("GET", "/addons/{addon}",
            call => store.Read(s => Reply.Ok(PlatformShapes.Addon(s.Addon(call.Route("addon")), s))));
        routes.On("POST", "/actions/addons/resolve", Resolve);
        routes.On("DELETE", "/apps/{app}/addons/{addon}", DestroyAsync);
        routes.On("GET", "/addon-services/{service}/plans",
            call => Paging.Page(call, Plan.All.Select(PlatformShapes.PlanOf), "id", "name"));
        routes.On("GET", "/plans/{plan}", call => Reply.Ok(PlatformShapes.PlanOf(FindPlan(call.Route("plan")))));
    }

    private static AddonState InApp(LocalState state, Call call)
    {
        var app = state.App(call.Route("app"));
        var addon = state.FindAddon(call.Route("addon"), app);
        return addon is not null && state.Attachments.Exists(a => a.AddonId == addon.Id && a.AppId == app.Id)
            || addon?.AppId == app.Id
            ? addon!
            : throw ApiException.NotFound("add_on", "Couldn't find that add-on.");
    }

    private static Plan FindPlan(string asked) =>
        Plan.Find(asked)
        ?? throw ApiException.Invalid($"Couldn't find either the add-on service or the add-on plan of \"{asked}\".");

    private Reply Create(Call call)
    {
        var plan = FindPlan(call.Reference("plan") ?? "");
        var config = call.Body["config"] as JsonObject ?? [];
        CheckConfig(config);
        var extensions = Call.ListOf(config["extensions"]);
        DatabaseServer.CheckExtensions(extensions);
        var asked = (call.Body["attachment"] as JsonObject)?["name"];
        var now = clock.GetUtcNow();
        var addon = store.Change(state =>
        {
            var app = state.App(call.Route("app"));
            var name = call.Text("name") ?? Names.NewAddon();
            if (state.Addons.Exists(a => a.Name == name))
                throw ApiException.Invalid($"Name {name} is already taken");
            var attachmentName = Call.TextOf(asked)?.ToUpperInvariant() ?? NextName(state, app);
            AttachmentEndpoints.FreeName(state, app, attachmentName, call.Text("confirm"), now);
            var made = new AddonState
            {
                Name = name, AppId = app.Id, Plan = plan.Name, CreatedAt = now, UpdatedAt = now,
                Database = Names.NewDatabase(), Extensions = extensions,
                Credentials =
                    [new() { Name = CredentialState.Default, User = Names.NewRole(), Password = Names.NewPassword() }],
            };
            var attachment =
                new AttachmentState { Name = attachmentName, AddonId = made.Id, AppId = app.Id, CreatedAt = now };
            made.FirstAttachment = attachment.Id;
            state.Addons.Add(made);
            state.Attachments.Add(attachment);
            return made;
        });
        provisioner.Begin(addon);
        return store.Read(s => Reply.Created(PlatformShapes.Addon(addon, s)));
    }

    // An app's first database is its DATABASE; further ones get a colour.
    private static string NextName(LocalState state, AppState app)
    {
        var taken = state.Attachments.Where(a => a.AppId == app.Id).Select(a => a.Name)
            .ToHashSet(StringComparer.Ordinal);
        // Keeps a plain config var of that name.
        return taken.Contains("DATABASE") || app.ConfigVars.ContainsKey("DATABASE_URL")
            ? Names.NewAttachment(taken) : "DATABASE";
    }

    private void CheckConfig(JsonObject config)
    {
        if (Call.TextOf(config["version"]) is { } version
            && version.Split('.')[0] != databases.Major.ToString(CultureInfo.InvariantCulture))
            throw ApiException.Invalid(
                $"Version {version} is not available: this heroku-local runs PostgreSQL {databases.Major}.");
        foreach (var unable in new[] { "fork", "follow", "rollback" })
        {
            if (config.ContainsKey(unable))
                throw ApiException.Invalid($"heroku-local does not {unable}.");
        }
    }

    private Reply Resolve(Call call) => store.Read(state =>
    {
        var what = call.Text("addon") ?? "";
        if (call.Text("app") is not { } appName)
            return Reply.Ok(new JsonArray(PlatformShapes.Addon(state.Addon(what), state)));
        var app = state.App(appName);
        var found = state.FindAttachments(what, app).Select(state.AddonOf).Distinct().ToList();
        return found.Count > 0
            ? Reply.Ok(new JsonArray([.. found.Select(a => (JsonNode)PlatformShapes.Addon(a, state))]))
            : throw ApiException.NotFound("add_on", "Couldn't find that add-on.");
    });

    private async Task<Reply> DestroyAsync(Call call)
    {
        var (addon, shape) = store.Change(state =>
        {
            var gone = InApp(state, call);
            var wasProvisioned = gone.State == AddonState.Provisioned;
            gone.State = AddonState.Deprovisioned;
            var body = PlatformShapes.Addon(gone, state);
            foreach (var attachment in state.Attachments.Where(a => a.AddonId == gone.Id && wasProvisioned))
                state.Apps.First(a => a.Id == attachment.AppId)
                    .AddRelease($"Detach {attachment.Name} (@ref:{gone.Name})", clock.GetUtcNow());
            state.Attachments.RemoveAll(a => a.AddonId == gone.Id);
            state.Addons.Remove(gone);
            return (gone, body);
        });
        await databases.DropAsync(addon, call.Ct);
        return Reply.Ok(shape);
    }
}
