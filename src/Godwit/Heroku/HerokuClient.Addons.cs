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

    /// <summary>All plans of Heroku Postgres, with prices.</summary>
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

    /// <summary>By name or id. Null: this app owns no such add-on.</summary>
    public Task<HerokuAddon?> FindAddonAsync(string app, string addon, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Get, AppPath(app, "addons", addon), $"read the add-on {addon} of {app}");
        return _http.FindAsync<HerokuAddon>(call with { Headers = ExpandPlan, MissingIsAnswer = ["add_on"] }, ct);
    }

    /// <summary>Orders a database, which costs money from now on. Returns while Heroku still makes it: wait with
    /// <see cref="HerokuProvisioning"/>. Not repeated after a lost answer: check <see cref="ListAddonsAsync"/> before a
    /// second order.</summary>
    /// <param name="plan">With the service: <c>heroku-postgresql:essential-1</c>.</param>
    /// <param name="config">Options that Heroku's command line accepts after <c>--</c>, e.g. <c>version</c>. Empty:
    /// Heroku's defaults.</param>
    /// <param name="attachAs">The attachment's name. Null lets Heroku choose: DATABASE if that is free, and then the
    /// app uses it at once.</param>
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

    /// <summary>Destroys a database and its data; it costs nothing from now on. Succeeds if it is already
    /// gone.</summary>
    public Task DeleteAddonAsync(string app, string addon, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Delete, AppPath(app, "addons", addon), $"destroy the add-on {addon} of {app}");
        return _http.SendAsync(call with { MissingIsAnswer = ["add_on", "app"] }, ct);
    }

    /// <summary>Add-ons of any service, the app's own and other apps' databases.</summary>
    public Task<IReadOnlyList<HerokuAttachment>> ListAttachmentsAsync(string app, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Get, AppPath(app, "addon-attachments"), $"list the attachments of {app}");
        return _http.ListAsync<HerokuAttachment>(call with { Accept = HerokuCall.SdkVariant, Headers = IncludePlan },
            ct);
    }

    /// <summary>Over all apps.</summary>
    public Task<IReadOnlyList<HerokuAttachment>> ListAttachmentsOfAsync(string addonId, CancellationToken ct)
    {
        var path = Join(["addons", addonId, "addon-attachments"]);
        var call = Platform(HttpMethod.Get, path, $"list where the add-on {addonId} is attached");
        call = call with { Accept = HerokuCall.SdkVariant, Headers = IncludePlan };
        return _http.ListAsync<HerokuAttachment>(call, ct);
    }

    /// <summary>Resolves the name as Heroku's commands do.</summary>
    /// <param name="name">An attachment (DATABASE), its config var (DATABASE_URL), or the add-on's own name.</param>
    /// <returns>Null: the app has no Postgres database of that name.</returns>
    /// <exception cref="FaultException"><c>heroku.attachment_ambiguous</c>.</exception>
    public async Task<HerokuAttachment?> ResolveAttachmentAsync(string app, string name, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Post, "/actions/addon-attachments/resolve",
            $"find the database {name} of {app}") with
        {
            Accept = HerokuCall.SdkVariant,
            Headers = IncludePlan,
            Body = new JsonObject { ["addon_attachment"] = name, ["app"] = app },
            // A POST that only reads.
            MayRepeat = true,
            MissingIsAnswer = ["add_on attachment", "add_on"],
        };
        var found = await _http.FindAsync<IReadOnlyList<HerokuAttachment>>(call, ct) ?? [];
        var databases = found.Where(one => one.Addon.Plan is null || one.Addon.Plan.IsPostgres).ToList();
        // A database attached twice to one app (pooled, or with another credential) is one database; its plain
        // attachment is preferred.
        if (databases.DistinctBy(one => (one.Addon.Id, one.App.Id)).Skip(1).Any())
        {
            var names = string.Join(", ", databases.Select(one => $"{one.Name} of {one.App.Name}"));
            throw new FaultException(HerokuFaults.AttachmentAmbiguous(name, app, names));
        }

        return databases.OrderBy(one => one.Namespace is null ? 0 : 1).FirstOrDefault();
    }

    /// <param name="attachmentName">Replaces an attachment of that name. Null lets Heroku choose
    /// (HEROKU_POSTGRESQL_COLOR).</param>
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
        // With a name the second request replaces the first; without one it would create a second attachment.
        return _http.GetAsync<HerokuAttachment>(call with { Body = body, MayRepeat = attachmentName is not null }, ct);
    }

    /// <summary>The database itself remains. Succeeds if it is already detached.</summary>
    public Task DeleteAttachmentAsync(string attachmentId, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Delete, Join(["addon-attachments", attachmentId]), "remove an attachment");
        return _http.SendAsync(call with { MissingIsAnswer = ["add_on attachment"] }, ct);
    }
}
