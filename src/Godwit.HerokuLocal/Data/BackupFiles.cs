using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Transfers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Data;

/// <summary>Serves backups under signed links, with Range, as a bucket does.</summary>
internal sealed class BackupFiles(BackupLinks links)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(Gate.FilesPath + "/{backup}", ["GET", "HEAD"], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
#pragma warning disable CA3003 // A parsed UUID names no other file.
        var query = context.Request.Query;
        if (!Guid.TryParse(context.Request.RouteValues["backup"]?.ToString(), out var backup)
            || !links.IsValid(backup, query["expires"].ToString(), new(query["signature"].ToString()))
            || !File.Exists(links.FileOf(backup)))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("The link is wrong, has expired, or its backup is gone.\n",
                context.RequestAborted);
            return;
        }

        await Results.File(links.FileOf(backup), "application/octet-stream", $"{backup}.dump",
            enableRangeProcessing: true).ExecuteAsync(context);
#pragma warning restore CA3003
    }
}
