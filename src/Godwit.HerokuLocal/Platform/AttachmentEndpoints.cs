using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Platform;

internal sealed class AttachmentEndpoints(LocalStore store, TimeProvider clock)
{
    private const string Pooling = "connection-pooling:default";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("POST", "/actions/addon-attachments/resolve", Resolve);
        routes.On("GET", "/addon-attachments", call => store.Read(s => List(call, s, s.Attachments)));
        routes.On("GET", "/apps/{app}/addon-attachments", call => store.Read(s => s.App(call.Route("app")) is var app
            ? List(call, s, s.Attachments.Where(a => a.AppId == app.Id)) : null!));
        routes.On("GET", "/addons/{addon}/addon-attachments",
            call => store.Read(s => s.Addon(call.Route("addon")) is var addon
                ? List(call, s, s.Attachments.Where(a => a.AddonId == addon.Id)) : null!));
        routes.On("GET", "/apps/{app}/addon-attachments/{name}",
            call => store.Read(s => s.App(call.Route("app")) is var app
                ? Reply.Ok(PlatformShapes.Attachment(
                    Find(s.Attachments.Where(a => a.AppId == app.Id), call.Route("name")), s)) : null!));
        routes.On("GET", "/addon-attachments/{id}",
            call => store.Read(s => Reply.Ok(PlatformShapes.Attachment(Find(s.Attachments, call.Route("id")), s))));
        routes.On("POST", "/addon-attachments", Attach);
        routes.On("DELETE", "/addon-attachments/{id}", Detach);
        routes.On("POST", "/client/v11/databases/{database}/connection-pooling", AttachPool);
    }

    private static Reply List(Call call, LocalState state, IEnumerable<AttachmentState> attachments) =>
        Paging.Page(call, attachments.Select(a => PlatformShapes.Attachment(a, state)), "id", "name");

    private static AttachmentState Find(IEnumerable<AttachmentState> among, string idOrName) =>
        among.FirstOrDefault(a => a.Id.ToString() == idOrName || a.Name == idOrName) ?? throw NotFound();

    private static ApiException NotFound() =>
        ApiException.NotFound("add_on attachment", "Couldn't find that add on attachment.");

    private Reply Resolve(Call call) => store.Read(state =>
    {
        var app = call.Text("app") is { } name ? state.App(name) : null;
        var found = state.FindAttachments(call.Text("addon_attachment") ?? "", app).ToList();
        return found.Count > 0 ? Reply.Ok(new JsonArray([.. found.Select(a =>
            (JsonNode)PlatformShapes.Attachment(a, state))])) : throw NotFound();
    });

    // A name that another add-on holds moves if the caller confirmed with the app's name: promote works that way.
    private Reply Attach(Call call) => store.Change(state =>
    {
        var app = state.App(call.Reference("app") ?? "");
        return Attach(call, state, app, state.Addon(call.Reference("addon") ?? "", app), call.Text("namespace"),
            call.Text("name"));
    });

    // Heroku's command line calls this. Heroku gives the name.
    private Reply AttachPool(Call call) => store.Change(state => Attach(call, state,
        state.App(call.Reference("app") ?? ""), state.Database(call.Route("database")), Pooling,
        call.Text("name") ?? "DATABASE_CONNECTION_POOL"));

    private Reply Attach(Call call, LocalState state, AppState app, AddonState addon, string? space, string? asked)
    {
        CheckNamespace(addon, space);
        var now = clock.GetUtcNow();
        var taken = state.Attachments.Where(a => a.AppId == app.Id).Select(a => a.Name)
            .ToHashSet(StringComparer.Ordinal);
        var name = asked?.ToUpperInvariant() ?? Names.NewAttachment(taken);
        if (state.Attachments.Exists(a =>
            a.AppId == app.Id && a.Name == name && a.AddonId == addon.Id && a.Namespace == space))
            throw ApiException.Invalid($"{addon.Name} is already attached to {app.Name} as {name}.");
        FreeName(state, app, name, call.Text("confirm"), now);
        var made =
            new AttachmentState { Name = name, AddonId = addon.Id, AppId = app.Id, Namespace = space, CreatedAt = now };
        state.Attachments.Add(made);
        app.RolledBack.Remove(made.ConfigVar);
        app.AddRelease($"Attach {name} (@ref:{addon.Name})", now);
        return Reply.Created(PlatformShapes.Attachment(made, state));
    }

    /// <summary>Takes a name from its add-on, if the caller confirmed and the add-on keeps another
    /// attachment.</summary>
    public static void FreeName(LocalState state, AppState app, string name, string? confirm, DateTimeOffset now)
    {
        if (app.ConfigVars.ContainsKey(name + "_URL"))
            throw ApiException.Invalid($"Cannot attach as {name}: {app.Name} has a config var {name}_URL already.");
        if (state.Attachments.Find(a => a.AppId == app.Id && a.Name == name) is not { } old)
            return;
        var holder = state.AddonOf(old);
        if (confirm != app.Name)
            throw ApiException.ConfirmationRequired(app.Name,
                $"{name} is the attachment of {holder.Name} on {app.Name} and will be taken from it.");
        if (state.Attachments.Count(a => a.AddonId == holder.Id && a.AppId == app.Id) == 1 && holder.AppId == app.Id)
            throw ApiException.Invalid(
                $"Cannot destroy last attachment to billing app {app.Name} for resource {holder.Name}");
        state.Attachments.Remove(old);
        app.RolledBack.Remove(old.ConfigVar);
        app.AddRelease($"Detach {name} (@ref:{holder.Name})", now);
    }

    private static void CheckNamespace(AddonState addon, string? space)
    {
        if (space == Pooling && Plan.Of(addon.Plan).IsEssential)
            throw ApiException.Invalid("You can't perform this operation on Essential-tier databases.");
        if (space is null or Pooling)
            return;
        var credential = space.StartsWith("credential:", StringComparison.Ordinal)
            ? space["credential:".Length..] : null;
        if (credential is null || !addon.Credentials.Exists(c => c.Name == credential))
            throw ApiException.Invalid($"Couldn't find namespace {space} of {addon.Name}.");
    }

    private Reply Detach(Call call) => store.Change(state =>
    {
        var attachment = Find(state.Attachments, call.Route("id"));
        var addon = state.AddonOf(attachment);
        var app = state.Apps.First(a => a.Id == attachment.AppId);
        if (addon.AppId == app.Id && state.Attachments.Count(a => a.AddonId == addon.Id && a.AppId == app.Id) == 1)
            throw ApiException.Invalid(
                $"Cannot destroy last attachment to billing app {app.Name} for resource {addon.Name}");
        var body = PlatformShapes.Attachment(attachment, state);
        state.Attachments.Remove(attachment);
        app.RolledBack.Remove(attachment.ConfigVar);
        app.AddRelease($"Detach {attachment.Name} (@ref:{addon.Name})", clock.GetUtcNow());
        return Reply.Ok(body);
    });
}
