// Platform: apps, add-ons, attachments, config vars, formation, releases, account.
//
// Bodies have every field that the real CLI reads, and those that other clients usually expect. They follow the CLI's
// use of them and are not copied from api.heroku.com.
using System.Text.Json.Nodes;
using Godwit.HerokuLocal.State;

namespace Godwit.HerokuLocal.Platform;

internal static class PlatformShapes
{
    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static JsonObject Named(Guid id, string name) => new() { ["id"] = id.ToString(), ["name"] = name };

    public static JsonObject Stable(string kind, string name) => Named(Names.StableId($"{kind}/{name}"), name);

    public static JsonObject Reference(AppState app) => Named(app.Id, app.Name);

    /// <summary>Of the app's web address.</summary>
    public static string HostOf(AppState app) => $"{app.Name}-{app.Id.ToString("N")[..12]}.herokuapp.com";

    public static JsonObject Domain(AppState app) => new()
    {
        ["id"] = Stable("domain", app.Name)["id"]!.GetValue<string>(),
        ["app"] = new JsonObject { ["id"] = app.Id.ToString(), ["name"] = app.Name },
        ["hostname"] = HostOf(app),
        ["kind"] = "heroku",
        ["cname"] = null,
        ["acm_status"] = null,
        ["status"] = "succeeded",
        ["created_at"] = Time(app.CreatedAt),
        ["updated_at"] = Time(app.CreatedAt),
    };

    public static JsonObject App(AppState app, LocalState state, string email) => new()
    {
        ["id"] = app.Id.ToString(),
        ["name"] = app.Name,
        ["web_url"] = $"https://{HostOf(app)}/",
        ["git_url"] = $"https://git.heroku.com/{app.Name}.git",
        ["region"] = Stable("region", app.Region),
        ["stack"] = Stable("stack", app.Stack),
        ["build_stack"] = Stable("stack", app.Stack),
        ["generation"] = Stable("generation", "cedar"),
        ["owner"] = new JsonObject { ["id"] = state.AccountId.ToString(), ["email"] = email },
        ["team"] = app.Team is { } team ? Stable("team", team) : null,
        ["organization"] = null,
        ["space"] = app.Space is { } space ? Stable("space", space) : null,
        ["maintenance"] = app.Maintenance,
        ["acm"] = false,
        ["archived_at"] = null,
        ["create_status"] = "complete",
        ["process_tier"] = "basic",
        ["repo_size"] = 0,
        ["slug_size"] = 0,
        ["internal_routing"] = null,
        ["buildpack_provided_description"] = null,
        ["created_at"] = Time(app.CreatedAt),
        ["updated_at"] = Time(app.UpdatedAt),
        ["released_at"] = app.Releases.Count == 0 ? null : Time(app.Releases[^1].CreatedAt),
    };

    public static JsonObject Price(Plan plan) => new()
    {
        ["cents"] = plan.PriceCents, ["unit"] = "month", ["contract"] = plan.ByContract, ["metered"] = false,
    };

    public static JsonObject PlanOf(Plan plan)
    {
        var shape = Stable("plan", plan.FullName);
        shape["human_name"] = plan.Name;
        shape["price"] = Price(plan);
        shape["state"] = "ga";
        shape["addon_service"] = Stable("addon-service", Plan.Service);
        return shape;
    }

    public static JsonObject Addon(AddonState addon, LocalState state)
    {
        var app = state.AppOf(addon);
        var plan = Plan.Of(addon.Plan);
        return new()
        {
            ["id"] = addon.Id.ToString(),
            ["name"] = addon.Name,
            ["state"] = addon.State,
            ["provision_message"] = addon.State == AddonState.Provisioning ? "Database should be available soon" : null,
            ["addon_service"] = Stable("addon-service", Plan.Service),
            ["app"] = Reference(app),
            ["plan"] = PlanOf(plan),
            ["billed_price"] = Price(plan),
            ["billing_entity"] = new JsonObject { ["id"] = app.Id.ToString(), ["name"] = app.Name, ["type"] = "app" },
            ["config_vars"] = new JsonArray([.. state.Attachments
                .Where(a => a.AddonId == addon.Id && a.AppId == addon.AppId).Select(a => (JsonNode)a.ConfigVar)]),
            ["provider_id"] = addon.Id.ToString(),
            ["web_url"] = $"https://addons-sso.heroku.com/apps/{app.Id}/addons/{addon.Id}",
            ["actions"] = new JsonArray(),
            ["created_at"] = Time(addon.CreatedAt),
            ["updated_at"] = Time(addon.UpdatedAt),
        };
    }

    public static JsonObject Attachment(AttachmentState attachment, LocalState state)
    {
        var addon = state.AddonOf(attachment);
        var addonShape = Named(addon.Id, addon.Name);
        addonShape["app"] = Reference(state.AppOf(addon));
        addonShape["plan"] = PlanOf(Plan.Of(addon.Plan));
        return new()
        {
            ["id"] = attachment.Id.ToString(),
            ["name"] = attachment.Name,
            ["namespace"] = attachment.Namespace,
            ["app"] = Reference(state.Apps.First(a => a.Id == attachment.AppId)),
            ["addon"] = addonShape,
            ["config_vars"] = new JsonArray(attachment.ConfigVar),
            ["web_url"] = $"https://addons-sso.heroku.com/apps/{attachment.AppId}/addons/{addon.Id}",
            ["log_input_url"] = null,
            ["created_at"] = Time(attachment.CreatedAt),
            ["updated_at"] = Time(attachment.CreatedAt),
        };
    }

    public static JsonObject Release(
        ReleaseState release, AppState app, LocalState state, string email, DateTimeOffset now) => new()
        {
            ["id"] = release.Id.ToString(),
            ["version"] = release.Version,
            ["status"] = release.Status(now),
            ["description"] = release.Description,
            ["current"] = release == app.CurrentRelease(now),
            ["eligible_for_rollback"] = release.Status(now) == "succeeded",
            ["app"] = Reference(app),
            ["slug"] = null,
            ["addon_plan_names"] = new JsonArray([.. state.Addons.Where(a => a.AppId == app.Id)
                .Select(a => (JsonNode)Plan.Of(a.Plan).FullName)]),
            ["output_stream_url"] = null,
            ["user"] = new JsonObject { ["id"] = state.AccountId.ToString(), ["email"] = email },
            ["created_at"] = Time(release.CreatedAt),
            ["updated_at"] = Time(release.CreatedAt),
        };

    public static JsonObject Process(ProcessState process, AppState app) => new()
    {
        ["id"] = process.Id.ToString(),
        ["type"] = process.Type,
        ["quantity"] = process.Quantity,
        ["size"] = process.Size,
        ["command"] = process.Command,
        ["app"] = Reference(app),
        ["created_at"] = Time(app.CreatedAt),
        ["updated_at"] = Time(process.UpdatedAt),
    };

    public static JsonObject Dyno(ProcessState process, int number, AppState app, DateTimeOffset now) => Dyno(
        Names.StableId($"{process.Id}/{number}"), FormattableString.Invariant($"{process.Type}.{number}"), process.Type,
        process.Size, process.Command, process.UpdatedAt, app, now);

    public static JsonObject Dyno(OneOffState dyno, AppState app, DateTimeOffset now) =>
        Dyno(dyno.Id, dyno.Name, dyno.Type, dyno.Size, dyno.Command, dyno.StartedAt, app, now);

    private static JsonObject Dyno(
        Guid id, string name, string type, string size, string command, DateTimeOffset at, AppState app,
        DateTimeOffset now) => new()
        {
            ["id"] = id.ToString(),
            ["name"] = name,
            ["type"] = type,
            ["size"] = size,
            ["state"] = "up",
            ["command"] = command,
            ["attach_url"] = null,
            ["app"] = Reference(app),
            ["release"] = new JsonObject
            {
                ["id"] = app.CurrentRelease(now).Id.ToString(), ["version"] = app.CurrentRelease(now).Version,
            },
            ["created_at"] = Time(at),
            ["updated_at"] = Time(at),
        };
}
