using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Data;

/// <summary>pg:backups:schedule. Schedules are only stored and listed.</summary>
internal sealed class ScheduleEndpoints(LocalStore store)
{
    private const string All = "/client/v11/databases/{database}/transfer-schedules";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", All, call => store.Read(s => s.Database(call.Route("database")) is var addon
            ? Reply.Ok(new JsonArray([.. s.AppOf(addon).Schedules.Where(x => x.AddonId == addon.Id)
                .Select(x => (JsonNode)Shape(x))])) : null!));
        routes.On("POST", All, Create);
        routes.On("DELETE", All + "/{schedule}", Delete);
    }

    private static JsonObject Shape(ScheduleState schedule) => new()
    {
        ["uuid"] = schedule.Id.ToString(), ["name"] = schedule.Name, ["hour"] = schedule.Hour,
        ["timezone"] = schedule.Timezone,
    };

    private Reply Create(Call call) => store.Change(state =>
    {
        var addon = state.Database(call.Route("database"));
        var made = new ScheduleState
        {
            AddonId = addon.Id, Name = call.Text("schedule_name") ?? "DATABASE_URL", Hour = call.Text("hour") ?? "0",
            Timezone = call.Text("timezone") ?? "UTC",
        };
        state.AppOf(addon).Schedules.Add(made);
        return Reply.Created(Shape(made));
    });

    private Reply Delete(Call call) => store.Change(state =>
    {
        var addon = state.Database(call.Route("database"));
        var found = state.AppOf(addon).Schedules.Find(x => x.Id.ToString() == call.Route("schedule"))
            ?? throw ApiException.EmptyNotFound();
        state.AppOf(addon).Schedules.Remove(found);
        return Reply.Ok(Shape(found));
    });
}
