using Godwit.HerokuLocal.Http;

namespace Godwit.HerokuLocal.State;

/// <summary>By UUID or by name, as in the API.</summary>
internal static class Lookup
{
    public static AppState App(this LocalState state, string idOrName) =>
        state.Apps.Find(a => Is(idOrName, a.Id, a.Name))
        ?? throw ApiException.NotFound("app", "Couldn't find that app.");

    public static AppState AppOf(this LocalState state, AddonState addon) => state.Apps.First(a => a.Id == addon.AppId);

    /// <summary>By id or name, or by the name of an attachment of the app.</summary>
    public static AddonState? FindAddon(this LocalState state, string idOrName, AppState? app) =>
        state.Addons.Find(a => Is(idOrName, a.Id, a.Name))
        ?? state.FindAttachments(idOrName, app).Select(state.AddonOf).FirstOrDefault();

    public static AddonState Addon(this LocalState state, string idOrName, AppState? app = null) =>
        state.FindAddon(idOrName, app) ?? throw ApiException.NotFound("add_on", "Couldn't find that add-on.");

    /// <summary>For the Data API: an empty 404 until the database is provisioned.</summary>
    public static AddonState Database(this LocalState state, string idOrName) =>
        state.Addons.Find(a => Is(idOrName, a.Id, a.Name)) is { State: AddonState.Provisioned } addon
            ? addon : throw ApiException.EmptyNotFound();

    public static AddonState AddonOf(this LocalState state, AttachmentState attachment) =>
        state.Addons.First(a => a.Id == attachment.AddonId);

    /// <summary>In one app, by attachment id, attachment name, config var or add-on; without an app, by id and add-on
    /// only.</summary>
    public static IEnumerable<AttachmentState> FindAttachments(this LocalState state, string what, AppState? app)
    {
        var candidates = state.Attachments.Where(a => app is null || a.AppId == app.Id).ToList();
        var direct = candidates.Where(a => Is(what, a.Id, a.Name) || Same(what, a.ConfigVar)).ToList();
        if (direct.Count > 0 && (app is not null || Guid.TryParse(what, out _)))
            return direct;
        return candidates.Where(a => state.AddonOf(a) is var addon && Is(what, addon.Id, addon.Name));
    }

    public static TransferState Transfer(this AppState app, string idOrNum) =>
        app.Transfers.Find(t => idOrNum == t.Num.ToString(System.Globalization.CultureInfo.InvariantCulture)
            || (Guid.TryParse(idOrNum, out var id) && id == t.Id)) ?? throw ApiException.EmptyNotFound();

    /// <summary>As in <c>heroku config</c>: the app's own, and those of attachments whose add-on is
    /// provisioned.</summary>
    public static SortedDictionary<string, string> Config(
        this LocalState state, AppState app, Func<AddonState, CredentialState, string> url)
    {
        var all = new SortedDictionary<string, string>(app.ConfigVars, StringComparer.Ordinal);
        foreach (var attachment in state.Attachments.Where(a => a.AppId == app.Id))
        {
            var addon = state.AddonOf(attachment);
            if (addon.State == AddonState.Provisioned)
                all[attachment.ConfigVar] = url(addon, addon.CredentialOf(attachment));
        }

        foreach (var (name, value) in app.RolledBack)
        {
            if (value is null)
                all.Remove(name);
            else
                all[name] = value;
        }

        return all;
    }

    public static CredentialState CredentialOf(this AddonState addon, AttachmentState attachment) =>
        attachment.Namespace is { } space && space.StartsWith("credential:", StringComparison.Ordinal)
            ? addon.Credentials.Find(c => c.Name == space["credential:".Length..]) ?? addon.Owner
            : addon.Owner;

    public static void AddRelease(this AppState app, string description, DateTimeOffset at)
    {
        app.Releases.Add(new() { Version = app.Releases.Count + 1, Description = description, CreatedAt = at });
        app.UpdatedAt = at;
    }

    /// <summary>The release that the dynos run: the newest whose release command succeeded.</summary>
    public static ReleaseState CurrentRelease(this AppState app, DateTimeOffset now) =>
        app.Releases.FindLast(one => one.Status(now) == "succeeded") ?? app.Releases[^1];

    private static bool Is(string text, Guid id, string name) =>
        Same(text, name) || (Guid.TryParse(text, out var parsed) && parsed == id);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
