using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Trouble;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Data;

/// <summary>pg:info, pg:wait, pg:reset and pg:upgrade:wait.</summary>
internal sealed class DatabaseEndpoints(LocalStore store, DatabaseServer databases, FaultSimulator trouble)
{
    private const string One = "/client/v11/databases/{database}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", One, InfoAsync);
        routes.On("GET", One + "/wait_status", Wait);
        routes.On("GET", One + "/upgrade/wait_status",
            call => store.Read(s => s.Database(call.Route("database")) is not null
                ? Reply.Ok(new JsonObject
                {
                    ["message"] = "no upgrade is under way", ["step"] = null, ["waiting?"] = false, ["error?"] = false,
                }) : null!));
        routes.On("PUT", One + "/reset", ResetAsync);
    }

    private async Task<Reply> InfoAsync(Call call)
    {
        var addon = store.Read(s => s.Database(call.Route("database")));
        var plan = Plan.Of(addon.Plan);
        var facts = await databases.LookAsync(addon, call.Ct);
        return Reply.Ok(DataShapes.Database(addon, plan, facts, databases,
            trouble.Peek("storage", "limit")?.Bytes ?? plan.StorageBytes));
    }

    private Reply Wait(Call call) => store.Read(state =>
    {
        var asked = call.Route("database");
        var addon = state.Addons.Find(a => a.Id.ToString() == asked || a.Name == asked)
            ?? throw ApiException.EmptyNotFound();
        return Reply.Ok(addon.State switch
        {
            AddonState.Provisioned => new JsonObject { ["message"] = "available", ["waiting?"] = false },
            AddonState.Provisioning => new JsonObject { ["message"] = "preparing", ["waiting?"] = true },
            _ => new JsonObject { ["message"] = "failed to provision", ["waiting?"] = false, ["error?"] = true },
        });
    });

    private async Task<Reply> ResetAsync(Call call)
    {
        var addon = store.Read(s => s.Database(call.Route("database")));
        var extensions = Call.ListOf(call.Body["extensions"]);
        DatabaseServer.CheckExtensions(extensions);
        await databases.EmptyAsync(addon, extensions, call.Ct);
        return Reply.Ok(new JsonObject { ["message"] = "Reset successful." });
    }
}
