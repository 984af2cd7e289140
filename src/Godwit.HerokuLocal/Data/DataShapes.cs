// Data: the Data API under /client/v11 and /postgres/v0: databases, credentials, settings, transfers.
//
// A missing or not yet provisioned database is a 404 with an empty body. Times have another format than in the Platform
// API, and the CLI compares them as text.
using System.Globalization;
using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;

namespace Godwit.HerokuLocal.Data;

internal static class DataShapes
{
    private static readonly string[] Units = ["Bytes", "KB", "MB", "GB", "TB"];

    public static string? Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss '+0000'", CultureInfo.InvariantCulture);

    public static string Size(long bytes)
    {
        double shown = bytes;
        var unit = 0;
        for (; shown >= 1024 && unit < Units.Length - 1; unit++)
            shown /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{shown:0.##} {Units[unit]}");
    }

    public static JsonObject Database(
        AddonState addon, Plan plan, DatabaseFacts facts, DatabaseServer server, long storageBytes) => new()
        {
            ["addon_id"] = addon.Id.ToString(),
            ["name"] = addon.Name,
            ["plan"] = addon.Plan,
            ["resource_url"] = server.Url(addon, addon.Owner),
            ["created_at"] = Time(addon.CreatedAt),
            ["database_name"] = addon.Database,
            ["database_user"] = addon.Owner.User,
            ["database_password"] = addon.Owner.Password.Reveal(),
            ["host"] = server.Host,
            ["port"] = server.Port,
            ["following"] = null,
            ["leader"] = null,
            ["forked_from"] = null,
            ["num_bytes"] = facts.Bytes,
            ["num_tables"] = facts.Tables,
            ["num_connections"] = facts.Connections,
            ["num_connections_waiting"] = 0,
            ["postgres_version"] = $"PostgreSQL {facts.Version}",
            ["service_url"] = server.Url(addon, addon.Owner),
            ["status_updated_at"] = Time(addon.UpdatedAt),
            ["standalone?"] = true,
            ["waiting?"] = false,
            ["info"] = Info(addon, plan, facts, storageBytes),
        };

    private static JsonArray Info(AddonState addon, Plan plan, DatabaseFacts facts, long storageBytes)
    {
        var percent = (facts.Bytes * 100.0 / storageBytes).ToString("0.00", CultureInfo.InvariantCulture);
        var compliance = facts.Bytes <= storageBytes ? "In compliance" : "Out of compliance";
        var tables = facts.Tables.ToString(CultureInfo.InvariantCulture);
        if (plan.TablesMax is { } max)
            tables = $"{tables}/{max.ToString(CultureInfo.InvariantCulture)} "
                + $"({(facts.Tables <= max ? "In compliance" : "Out of compliance")})";
        var offered = plan.IsEssential ? "Unsupported" : "Available";
        return
        [
            Line("Plan", addon.Plan),
            Line("Status", "Available"),
            Line("Connections", FormattableString.Invariant($"{facts.Connections}/{plan.Connections}")),
            Line("PG Version", facts.Version),
            Line("Created", addon.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm ", CultureInfo.InvariantCulture)),
            Line("Data Size", $"{Size(facts.Bytes)} / {Size(storageBytes)} ({percent}%) ({compliance})"),
            Line("Tables", tables),
            Line("Fork/Follow", offered),
            Line("Rollback", plan.IsEssential ? "Unsupported" : "Unavailable"),
            Line("Continuous Protection", "On"),
            Line("Region", "local"),
        ];
    }

    private static JsonObject Line(string name, string value) =>
        new() { ["name"] = name, ["values"] = new JsonArray(value) };
}
