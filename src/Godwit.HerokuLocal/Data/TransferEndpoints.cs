using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Transfers;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Data;

/// <summary>pg:backups and pg:copy.</summary>
internal sealed class TransferEndpoints(
    LocalStore store, TransferRunner runner, TransferLog log, BackupLinks links, DatabaseServer databases,
    TimeProvider clock)
{
    private const string Database = "/client/v11/databases/{database}";
    private const string Transfers = "/client/v11/apps/{app}/transfers";
    private const string One = Transfers + "/{transfer}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("POST", Database + "/backups", Capture);
        routes.On("POST", Database + "/restores", Restore);
        routes.On("POST", Database + "/transfers", Copy);
        routes.On("GET", Transfers, call => store.Read(s =>
            Reply.Ok(new JsonArray([.. App(s, call).Transfers.Select(t => (JsonNode)Shape(t, verbose: false))]))));
        routes.On("GET", One, call => store.Read(s => Reply.Ok(Shape(Find(s, call), call.Wants("verbose")))));
        routes.On("DELETE", One, Delete);
        routes.On("POST", One + "/actions/cancel", Cancel);
        routes.On("POST", One + "/actions/public-url", PublicUrl);
    }

    // The Data API's 404 has no body, also for an app.
    private static AppState App(LocalState state, Call call)
    {
        var asked = call.Route("app");
        return state.Apps.Find(a => a.Name == asked || a.Id.ToString() == asked) ?? throw ApiException.EmptyNotFound();
    }

    private static TransferState Find(LocalState state, Call call) => App(state, call).Transfer(call.Route("transfer"));

    private static (AddonState Addon, AppState App) Target(LocalState state, Call call)
    {
        var addon = state.Database(call.Route("database"));
        return Plan.Of(addon.Plan).HasBackups
            ? (addon, state.AppOf(addon))
            : throw ApiException.Invalid("PGBackups is not supported on Shield databases.");
    }

    // On the add-on's own app, preferably DATABASE.
    private static string AttachmentName(LocalState state, AddonState addon)
    {
        var names = state.Attachments.Where(a => a.AddonId == addon.Id && a.AppId == addon.AppId)
            .Select(a => a.Name).ToList();
        return names.Contains("DATABASE") ? "DATABASE" : names.FirstOrDefault() ?? addon.Name;
    }

    private Reply Capture(Call call) => Start(call, (state, addon, num, now) => new()
    {
        Num = num, AddonId = addon.Id, CreatedAt = now, UpdatedAt = now,
        FromType = TransferState.PgDump, FromName = AttachmentName(state, addon),
        FromUrl = databases.Url(addon, addon.Owner), ToType = TransferState.Store, ToName = "BACKUP",
    });

    private Reply Restore(Call call)
    {
        var url = call.Text("backup_url") ?? throw ApiException.Invalid("backup_url is missing.");
        var extensions = Call.ListOf(call.Body["extensions"]);
        DatabaseServer.CheckExtensions(extensions);
        return Start(call, (state, addon, num, now) => new()
        {
            Num = num, AddonId = addon.Id, CreatedAt = now, UpdatedAt = now, Extensions = extensions,
            FromType = TransferState.Store, FromName = "BACKUP", FromUrl = url,
            ToType = TransferState.PgRestore, ToName = AttachmentName(state, addon),
            ToUrl = databases.Url(addon, addon.Owner),
        });
    }

    private Reply Copy(Call call)
    {
        var from = call.Text("from_url") ?? throw ApiException.Invalid("from_url is missing.");
        var to = call.Text("to_url") ?? throw ApiException.Invalid("to_url is missing.");
        return Start(call, (_, addon, num, now) => to == databases.Url(addon, addon.Owner)
            ? new()
            {
                Num = num, AddonId = addon.Id, CreatedAt = now, UpdatedAt = now,
                FromType = TransferState.PgDump, FromName = call.Text("from_name") ?? "", FromUrl = from,
                ToType = TransferState.PgRestore, ToName = call.Text("to_name") ?? "", ToUrl = to,
            }
            : throw ApiException.Invalid("heroku-local copies only into its own databases: "
                + "to_url must be the one of the database in the path."));
    }

    private Reply Start(Call call, Func<LocalState, AddonState, int, DateTimeOffset, TransferState> make)
    {
        var (transfer, addon) = store.Change(state =>
        {
            var (target, app) = Target(state, call);
            var made = make(state, target, app.LastTransferNum + 1, clock.GetUtcNow());
            app.LastTransferNum++;
            app.Transfers.Add(made);
            return (made, target);
        });
        var shape = store.Read(_ => Shape(transfer, verbose: false));
        runner.Begin(transfer, addon);
        return Reply.Created(shape);
    }

    private Reply Cancel(Call call)
    {
        var transfer = store.Read(s => Find(s, call));
        runner.Cancel(transfer);
        return store.Read(_ => Reply.Ok(Shape(transfer, verbose: false)));
    }

    private Reply Delete(Call call)
    {
        var (transfer, shape) = store.Change(state =>
        {
            var found = Find(state, call);
            if (found.FinishedAt is null)
                throw ApiException.Invalid($"{found.DisplayName} is still running; cancel it first.");
            App(state, call).Transfers.Remove(found);
            var body = Shape(found, verbose: false);
            body["deleted_at"] = DataShapes.Time(clock.GetUtcNow());
            return (found, body);
        });
        File.Delete(links.FileOf(transfer.Id));
        log.Delete(transfer.Id);
        return Reply.Ok(shape);
    }

    private Reply PublicUrl(Call call)
    {
        var transfer = store.Read(s => Find(s, call));
        if (transfer.ToType != TransferState.Store || transfer.Succeeded != true)
            throw ApiException.Invalid($"{transfer.DisplayName} is not a completed backup.");
        var (url, expiresAt) = links.Sign(transfer.Id);
        return Reply.Ok(new JsonObject { ["url"] = url, ["expires_at"] = DataShapes.Time(expiresAt) });
    }

    private JsonObject Shape(TransferState transfer, bool verbose) => new()
    {
        ["uuid"] = transfer.Id.ToString(),
        ["num"] = transfer.Num,
        ["from_type"] = transfer.FromType,
        ["from_name"] = transfer.FromName,
        ["from_url"] = transfer.FromUrl,
        ["to_type"] = transfer.ToType,
        ["to_name"] = transfer.ToName,
        ["to_url"] = transfer.ToType == TransferState.Store ? links.Plain(transfer.Id) : transfer.ToUrl,
        ["created_at"] = DataShapes.Time(transfer.CreatedAt),
        ["started_at"] = DataShapes.Time(transfer.StartedAt),
        ["finished_at"] = DataShapes.Time(transfer.FinishedAt),
        ["canceled_at"] = DataShapes.Time(transfer.CanceledAt),
        ["updated_at"] = DataShapes.Time(transfer.UpdatedAt),
        ["deleted_at"] = null,
        ["purged_at"] = null,
        ["succeeded"] = transfer.Succeeded,
        ["processed_bytes"] = transfer.ProcessedBytes,
        ["source_bytes"] = transfer.SourceBytes,
        ["warnings"] = transfer.Warnings,
        ["num_keep"] = 5,
        ["options"] = new JsonObject(),
        ["schedule"] = transfer.Schedule,
        ["logs"] = verbose ? log.Read(transfer.Id) : new JsonArray(),
    };
}
