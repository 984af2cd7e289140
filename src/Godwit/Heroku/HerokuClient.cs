using System.Globalization;
using System.Text.Json.Nodes;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>The calls to Heroku's APIs, one method each. Safe to use from several tasks at once. An <c>app</c> is a
/// name or an id. Null means "there is none"; every error is a <see cref="FaultException"/>.</summary>
public sealed partial class HerokuClient : IDisposable
{
    private readonly HerokuHttp _http;

    public HerokuClient(HerokuEndpoints endpoints, HerokuToken token, TimeProvider clock, HerokuOptions? options = null)
    {
        TokenWarning = token.Warning;
        Host = endpoints.Platform.Host;
        IsHere = endpoints.Platform.IsLoopback;
        Clock = clock;
        Options = options ?? new HerokuOptions();
        _http = new HerokuHttp(endpoints, token, Options, clock);
    }

    /// <summary>A problem with the token's storage, e.g. a ~/.netrc that all users can read. Null: none.</summary>
    public string? TokenWarning { get; }

    /// <summary>Of the Platform API.</summary>
    public string Host { get; }

    /// <summary>A Heroku on this machine.</summary>
    public bool IsHere { get; }

    internal TimeProvider Clock { get; }

    internal HerokuOptions Options { get; }

    /// <summary>Takes addresses and token from the environment and ~/.netrc, like Heroku's command line.</summary>
    public static HerokuClient From(
        Func<string, string?> environment, TimeProvider clock, HerokuOptions? options = null)
    {
        var endpoints = HerokuEndpoints.From(environment);
        return new HerokuClient(endpoints, HerokuToken.Find(environment, endpoints), clock, options);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null: this account knows no such app.</summary>
    public Task<HerokuApp?> FindAppAsync(string app, CancellationToken ct) =>
        _http.FindAsync<HerokuApp>(
            Platform(HttpMethod.Get, AppPath(app), $"read the app {app}") with { MissingIsAnswer = ["app"] }, ct);

    /// <exception cref="FaultException"><c>heroku.app_missing</c>.</exception>
    public Task<HerokuApp> GetAppAsync(string app, CancellationToken ct) =>
        _http.GetAsync<HerokuApp>(Platform(HttpMethod.Get, AppPath(app), $"read the app {app}"), ct);

    /// <summary>An app of a team or in a space is created at another path than a personal one.</summary>
    public Task<HerokuApp> CreateAppAsync(NewHerokuApp app, CancellationToken ct)
    {
        var body = new JsonObject { ["name"] = app.Name };
        foreach (var (name, value) in new[] { ("region", app.Region), ("team", app.Team), ("space", app.Space) })
        {
            if (value is not null)
                body[name] = value;
        }

        var path = app is { Team: null, Space: null } ? "/apps" : "/teams/apps";
        return _http.GetAsync<HerokuApp>(
            Platform(HttpMethod.Post, path, $"create the app {app.Name}") with { Body = body }, ct);
    }

    /// <summary>Deletes an app with its add-ons and releases. Succeeds if it is already gone.</summary>
    public Task DeleteAppAsync(string app, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Delete, AppPath(app), $"delete the app {app}");
        return _http.SendAsync(call with { MissingIsAnswer = ["app"] }, ct);
    }

    /// <summary>During maintenance Heroku shows visitors its own page; dynos keep running.</summary>
    public Task<HerokuApp> SetMaintenanceAsync(string app, bool on, CancellationToken ct)
    {
        var call = Platform(HttpMethod.Patch, AppPath(app), $"switch maintenance of {app} {(on ? "on" : "off")}");
        return _http.GetAsync<HerokuApp>(call with { Body = new JsonObject { ["maintenance"] = on } }, ct);
    }

    /// <summary>Every value is a secret, because nobody can tell which ones are not.</summary>
    public Task<IReadOnlyDictionary<string, Secret>> GetConfigVarsAsync(string app, CancellationToken ct) =>
        _http.GetAsync<IReadOnlyDictionary<string, Secret>>(
            Platform(HttpMethod.Get, AppPath(app, "config-vars"), $"read the config vars of {app}"), ct);

    /// <summary>Sets the given variables and leaves the others; a null value removes one. Heroku creates a release,
    /// which restarts the app. Heroku refuses to change an add-on's variable (DATABASE_URL).</summary>
    /// <returns>All variables after the change.</returns>
    public Task<IReadOnlyDictionary<string, Secret>> PatchConfigVarsAsync(
        string app, IReadOnlyDictionary<string, Secret?> changes, CancellationToken ct)
    {
        var body = new JsonObject();
        foreach (var (name, value) in changes)
            body[name] = value?.Reveal();
        var names = string.Join(", ", changes.Keys);
        var call = Platform(HttpMethod.Patch, AppPath(app, "config-vars"), $"set the config vars {names} of {app}");
        return _http.GetAsync<IReadOnlyDictionary<string, Secret>>(
            call with { Body = body, Secrets = [.. changes.Values.OfType<Secret>()] }, ct);
    }

    /// <summary>Includes process types without dynos. Empty: nothing was ever deployed.</summary>
    public Task<IReadOnlyList<HerokuProcess>> GetFormationAsync(string app, CancellationToken ct) =>
        _http.ListAsync<HerokuProcess>(Platform(HttpMethod.Get, AppPath(app, "formation"), $"read the dynos of {app}"),
            ct);

    /// <summary>Includes one-off dynos.</summary>
    public Task<IReadOnlyList<HerokuDyno>> ListDynosAsync(string app, CancellationToken ct) =>
        _http.ListAsync<HerokuDyno>(Platform(HttpMethod.Get, AppPath(app, "dynos"), $"list the dynos of {app}"), ct);

    /// <summary>Quantities are absolute, so a repeated request has the same effect as one.</summary>
    /// <returns>All process types after the change.</returns>
    public Task<IReadOnlyList<HerokuProcess>> ScaleAsync(
        string app, IReadOnlyList<HerokuScale> scales, CancellationToken ct)
    {
        var updates = new JsonArray();
        foreach (var scale in scales)
        {
            // A string, like Heroku's command line, where "+1" would be relative.
            var update = new JsonObject
            {
                ["type"] = scale.Type, ["quantity"] = scale.Quantity.ToString(CultureInfo.InvariantCulture),
            };
            if (scale.Size is not null)
                update["size"] = scale.Size;
            updates.Add(update);
        }

        var what = string.Join(", ", scales.Select(scale => $"{scale.Type}={scale.Quantity}"));
        var call = Platform(HttpMethod.Patch, AppPath(app, "formation"), $"scale {app} to {what}");
        return _http.GetAsync<IReadOnlyList<HerokuProcess>>(
            call with { Body = new JsonObject { ["updates"] = updates } }, ct);
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<HerokuRelease>> ListReleasesAsync(string app, int max, CancellationToken ct)
    {
        var range = $"version ..; order=desc,max={max.ToString(CultureInfo.InvariantCulture)}";
        var call = Platform(HttpMethod.Get, AppPath(app, "releases"), $"list the releases of {app}");
        var ranged = call with { Headers = new Dictionary<string, string> { ["Range"] = range } };
        var releases = await _http.ListAsync<HerokuRelease>(ranged, ct);
        return [.. releases.OrderByDescending(release => release.Version).Take(max)];
    }

    public Task<HerokuRelease> GetReleaseAsync(string app, string release, CancellationToken ct) =>
        _http.GetAsync<HerokuRelease>(
            Platform(HttpMethod.Get, AppPath(app, "releases", release), $"read the release {release} of {app}"), ct);

    /// <summary>Finds an old value that nobody remembers.</summary>
    public Task<IReadOnlyDictionary<string, Secret>> GetReleaseConfigVarsAsync(
        string app, int version, CancellationToken ct)
    {
        var number = version.ToString(CultureInfo.InvariantCulture);
        return _http.GetAsync<IReadOnlyDictionary<string, Secret>>(
            Platform(HttpMethod.Get, AppPath(app, "releases", number, "config-vars"),
                $"read the config vars of release v{number} of {app}"), ct);
    }

    private static HerokuCall Platform(HttpMethod method, string path, string purpose) =>
        new(method, IsData: false, path, purpose);

    private static HerokuCall Data(HttpMethod method, string path, string purpose) =>
        new(method, IsData: true, path, purpose);

    private static string AppPath(string app, params IEnumerable<string> rest) => Join(["apps", app, .. rest]);

    private static string Join(IEnumerable<string> parts) =>
        string.Concat(parts.Select(part => $"/{HerokuCall.Escape(part)}"));
}
