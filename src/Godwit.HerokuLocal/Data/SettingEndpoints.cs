using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Data;

/// <summary>pg:settings. PostgreSQL's own are set on the database; the others are only stored.</summary>
internal sealed class SettingEndpoints(LocalStore store, DatabaseServer databases)
{
    private const string Config = "/postgres/v0/databases/{database}/config";

    private static readonly string[] Flag = ["true", "false"];

    /// <param name="Values">Empty: any whole number.</param>
    /// <param name="IsReal">ALTER DATABASE can set it.</param>
    private sealed record Setting(string Name, string Default, string Description, string[] Values, bool IsReal);

    private static readonly Setting[] Known =
    [
        new("auto_explain", "false", "Log execution plans of slow statements automatically", Flag, false),
        new("auto_explain.log_analyze", "false", "Include EXPLAIN ANALYZE in logged plans", Flag, false),
        new("auto_explain.log_buffers", "false", "Include buffer usage in logged plans", Flag, false),
        new("auto_explain.log_format", "text", "Format of logged plans", ["text", "json", "xml", "yaml"], false),
        new("auto_explain.log_min_duration",
            "-1", "Statements running at least this many milliseconds are logged", [], false),
        new("auto_explain.log_nested_statements", "false", "Include statements inside functions", Flag, false),
        new("auto_explain.log_triggers", "false", "Include trigger statistics", Flag, false),
        new("auto_explain.log_verbose", "false", "Include verbose details", Flag, false),
        new("data_connector_details_logs", "false", "Log details of data connectors", Flag, false),
        new("log_connections", "true", "Log each attempted connection", Flag, false),
        new("log_lock_waits", "true", "Log a message when a session waits long for a lock", Flag, true),
        new("log_min_duration_statement", "2000",
            "Statements running at least this many milliseconds are logged; -1 turns it off", [], true),
        new("log_min_error_statement", "error", "Statements that cause a message of at least this severity are logged",
            ["error", "log", "fatal", "panic"], true),
        new("log_statement", "ddl", "Which statements are logged", ["none", "ddl", "mod", "all"], true),
        new("track_functions", "none", "Which functions' calls are counted", ["none", "pl", "all"], true),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", Config, call => store.Read(s => Reply.Ok(Shape(Find(s, call)))));
        routes.On("PATCH", Config, SetAsync);
    }

    private static AddonState Find(LocalState state, Call call)
    {
        var addon = state.Database(call.Route("database"));
        return Plan.Of(addon.Plan).IsEssential
            ? throw ApiException.Invalid("You can't perform this operation on Essential-tier databases.")
            : addon;
    }

    private static JsonObject Shape(AddonState addon) =>
        new(Known.Select(setting => KeyValuePair.Create<string, JsonNode?>(setting.Name, new JsonObject
        {
            ["value"] = Typed(setting, addon.Settings.GetValueOrDefault(setting.Name, setting.Default)),
            ["default"] = Typed(setting, setting.Default),
            ["desc"] = setting.Description,
            ["values"] = new JsonObject(setting.Values.Select(v => KeyValuePair.Create<string, JsonNode?>(v, v))),
        })));

    private static JsonNode Typed(Setting setting, string value) =>
        setting.Values == Flag ? value == "true"
        : setting.Values.Length == 0 ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
        : value;

    private async Task<Reply> SetAsync(Call call)
    {
        var addon = store.Read(s => Find(s, call));
        var changes = call.Body.Select(p => (Setting: Array.Find(Known, k => k.Name == p.Key)
            ?? throw ApiException.Invalid($"Unknown setting {p.Key}."),
            Value: Call.TextOf(p.Value) ?? "")).ToList();
        foreach (var (setting, value) in changes)
        {
            if (setting.Values.Length > 0 ? !setting.Values.Contains(value) : !int.TryParse(value, out _))
                throw ApiException.Invalid($"Invalid value for {setting.Name}: {value}.");
        }

        foreach (var (setting, value) in changes.Where(c => c.Setting.IsReal))
            await databases.SetAsync(addon, setting.Name, value, call.Ct);
        return store.Change(_ =>
        {
            foreach (var (setting, value) in changes)
                addon.Settings[setting.Name] = value;
            return Reply.Ok(Shape(addon));
        });
    }
}
