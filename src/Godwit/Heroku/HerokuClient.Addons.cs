using System.Text.Json.Nodes;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <content>Add-ons, their plans and how they are attached to apps.</content>
public sealed partial class HerokuClient
{
    private const string Service = "heroku-postgresql";

    private static readonly Dictionary<string, string> ExpandPlan =
        new() { ["Accept-Expansion"] = "addon_service,plan" };

    private static readonly Dictionary<string, string> IncludePlan =
        new() { ["Accept-Inclusion"] = "addon:plan,config_vars" };

    /// <summary>All plans of Heroku Postgres, with their prices.</summary>
    public Task<IReadOnlyList<HerokuPlan>> ListPlansAsync(CancellationToken ct) =>
        _http.ListAsync<HerokuPlan>(
            Platform(HttpMethod.Get, Join(["addon-services", Service, "plans"]), "list the plans of Heroku Postgres"),
            ct);

    /// <summary>Add-ons of any service that this app owns.</summary>
    public Task<IReadOnlyList<HerokuAddon>> ListAddonsAsync(string app, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Get, AppPath(app, "addons"), $"list the add-ons of {app}");
        return _http.ListAsync<HerokuAddon>(call with { Accept = HerokuCall.SdkVariant, Headers = ExpandPlan }, ct);
    }

    /// <summary>By the add-on's name or id. Null when this app owns no such add-on.</summary>
    public Task<HerokuAddon?> FindAddonAsync(string app, string addon, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Get, AppPath(app, "addons", addon), $"read the add-on {addon} of {app}");
        return _http.FindAsync<HerokuAddon>(call with { Headers = ExpandPlan, MissingIsAnswer = ["add_on"] }, ct);
    }

    /// <summary>Orders a database; it costs money from now on. Comes back while it is still being made:
    /// <see cref="HerokuProvisioning"/>. Not sent again after a lost answer: look with <see cref="ListAddonsAsync"/>
    /// before ordering a second time.</summary>
    /// <param name="plan">Whole, <c>heroku-postgresql:essential-1</c>.</param>
    /// <param name="config">What Heroku's command line takes after <c>--</c>, e.g. <c>version</c>. Empty: Heroku's
    /// defaults.</param>
    /// <param name="attachAs">What it is called at the app. Null leaves it to Heroku: DATABASE, if that is free, so
    /// that the app uses it at once.</param>
    public Task<HerokuAddon> CreateAddonAsync(
        string app, string plan, IReadOnlyDictionary<string, string> config, string? attachAs, CancellationToken ct)
    {
        var settings = new JsonObject();
        foreach (var (name, value) in config)
            settings[name] = value;
        var body = new JsonObject
        {
            ["attachment"] = attachAs is null ? new JsonObject() : new JsonObject { ["name"] = attachAs },
            ["config"] = settings,
            ["plan"] = new JsonObject { ["name"] = plan },
        };
        var call = Platform(HttpMethod.Post, AppPath(app, "addons"), $"create a database of plan {plan} for {app}");
        return _http.GetAsync<HerokuAddon>(call with { Headers = ExpandPlan, Body = body }, ct);
    }

    /// <summary>Destroys a database and everything in it; it costs nothing from now on. What is not there is destroyed
    /// already.</summary>
    public Task DeleteAddonAsync(string app, string addon, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Delete, AppPath(app, "addons", addon), $"destroy the add-on {addon} of {app}");
        return _http.SendAsync(call with { MissingIsAnswer = ["add_on", "app"] }, ct);
    }

    /// <summary>Everything attached to the app, of any service, its own and others' databases.</summary>
    public Task<IReadOnlyList<HerokuAttachment>> ListAttachmentsAsync(string app, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Get, AppPath(app, "addon-attachments"), $"list the attachments of {app}");
        return _http.ListAsync<HerokuAttachment>(call with { Accept = HerokuCall.SdkVariant, Headers = IncludePlan },
            ct);
    }

    /// <summary>Everything this database is attached to, over all apps.</summary>
    public Task<IReadOnlyList<HerokuAttachment>> ListAttachmentsOfAsync(string addonId, CancellationToken ct)
    {
        var path = Join(["addons", addonId, "addon-attachments"]);
        var call = Platform(HttpMethod.Get, path, $"list where the add-on {addonId} is attached");
        call = call with { Accept = HerokuCall.SdkVariant, Headers = IncludePlan };
        return _http.ListAsync<HerokuAttachment>(call, ct);
    }

    /// <summary>What Heroku's commands mean by a database's name.</summary>
    /// <param name="name">An attachment (DATABASE), its config var (DATABASE_URL), or the add-on's own name.</param>
    /// <returns>Null when the app has no Postgres of that name.</returns>
    /// <exception cref="FaultException"><c>heroku.attachment_ambiguous</c>.</exception>
    public async Task<HerokuAttachment?> ResolveAttachmentAsync(string app, string name, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Post, "/actions/addon-attachments/resolve",
            $"find the database {name} of {app}") with
        {
            Accept = HerokuCall.SdkVariant,
            Headers = IncludePlan,
            Body = new JsonObject { ["addon_attachment"] = name, ["app"] = app },
            // A question, although it is a POST.
            MayRepeat = true,
            MissingIsAnswer = ["add_on attachment", "add_on"],
        };
        var found = await _http.FindAsync<IReadOnlyList<HerokuAttachment>>(call, ct) ?? [];
        var databases = found.Where(one => one.Addon.Plan is null || one.Addon.Plan.IsPostgres).ToList();
        // One database attached to one app twice (pooled, or with another credential) is still one database: the plain
        // one is meant.
        if (databases.DistinctBy(one => (one.Addon.Id, one.App.Id)).Skip(1).Any())
        {
            var names = string.Join(", ", databases.Select(one => $"{one.Name} of {one.App.Name}"));
            throw new FaultException(HerokuFaults.AttachmentAmbiguous(name, app, names));
        }

        return databases.OrderBy(one => one.Namespace is null ? 0 : 1).FirstOrDefault();
    }

    /// <param name="attachmentName">Null lets Heroku invent one (HEROKU_POSTGRESQL_COLOR). An attachment of that name
    /// is replaced.</param>
    public Task<HerokuAttachment> CreateAttachmentAsync(
        string app, string addon, string? attachmentName, string? ns, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["addon"] = new JsonObject { ["name"] = addon },
            ["app"] = new JsonObject { ["name"] = app },
            ["confirm"] = app,
            ["namespace"] = ns,
        };
        if (attachmentName is not null)
            body["name"] = attachmentName;
        var call = Platform(HttpMethod.Post, "/addon-attachments",
            $"attach {addon} to {app} as {attachmentName ?? "another name"}");
        // Under a given name the second request replaces the first; without one it would invent a second name.
        return _http.GetAsync<HerokuAttachment>(call with { Body = body, MayRepeat = attachmentName is not null }, ct);
    }

    /// <summary>Detaches; the database itself stays. What is not attached is detached already.</summary>
    public Task DeleteAttachmentAsync(string attachmentId, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Delete, Join(["addon-attachments", attachmentId]), "remove an attachment");
        return _http.SendAsync(call with { MissingIsAnswer = ["add_on attachment"] }, ct);
    }
}
