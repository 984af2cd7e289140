using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Godwit.HerokuLocal.Data;

internal sealed class CredentialEndpoints(LocalStore store, DatabaseServer databases)
{
    private const string All = "/postgres/v0/databases/{database}/credentials";
    private const string One = All + "/{name}";

    // Heroku's limit.
    private const int CredentialsMax = 120;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", All, call => store.Read(s => s.Database(call.Route("database")) is var addon
            ? Reply.Ok(new JsonArray([.. addon.Credentials.Select(c => (JsonNode)Shape(addon, c))])) : null!));
        routes.On("GET", One, call => store.Read(s => s.Database(call.Route("database")) is var addon
            ? Reply.Ok(Shape(addon, Find(addon, call.Route("name")))) : null!));
        routes.On("POST", All, CreateAsync);
        routes.On("DELETE", One, DeleteAsync);
        routes.On("POST", One + "/rotate", RotateAsync);
    }

    private static CredentialState Find(AddonState addon, string name) =>
        addon.Credentials.Find(c => c.Name == name) ?? throw ApiException.EmptyNotFound();

    private JsonObject Shape(AddonState addon, CredentialState credential) => new()
    {
        ["uuid"] = credential.Id.ToString(),
        ["name"] = credential.Name,
        ["state"] = "active",
        ["database"] = addon.Database,
        ["host"] = databases.Host,
        ["port"] = databases.Port,
        ["credentials"] = new JsonArray(new JsonObject
        {
            ["user"] = credential.User, ["password"] = credential.Password.Reveal(), ["state"] = "active",
            ["connections"] = 0,
        }),
    };

    private async Task<Reply> CreateAsync(Call call)
    {
        var name = call.Text("name") ?? "";
        var addon = store.Read(state =>
        {
            var found = state.Database(call.Route("database"));
            if (Plan.Of(found.Plan).IsEssential)
                throw ApiException.Invalid("You can't create a custom credential on Essential-tier databases.");
            if (name.Length == 0 || found.Credentials.Exists(c => c.Name == name))
                throw ApiException.Invalid($"Credential {name} already exists or has no name.");
            return found.Credentials.Count < CredentialsMax
                ? found : throw ApiException.Invalid($"A database can have {CredentialsMax} credentials at most.");
        });
        // A credential's name is its role's (devcenter.heroku.com/articles/heroku-postgresql-credentials), unless
        // another database has such a role already: those of a local Heroku share a server.
        var user = await databases.HasRoleAsync(name, call.Ct) ? Names.NewRole() : name;
        var made = new CredentialState { Name = name, User = user, Password = Names.NewPassword() };
        await databases.AddCredentialAsync(addon, made, call.Ct);
        store.Change(_ => addon.Credentials.Add(made));
        return Reply.Created(Shape(addon, made));
    }

    private async Task<Reply> DeleteAsync(Call call)
    {
        var addon = store.Read(s => s.Database(call.Route("database")));
        var credential = Find(addon, call.Route("name"));
        if (credential == addon.Owner)
            throw ApiException.Invalid("The default credential cannot be destroyed.");
        try
        {
            await databases.DropCredentialAsync(addon, credential, call.Ct);
        }
        catch (PostgresException e)
        {
            throw ApiException.Invalid($"Credential {credential.Name} cannot be destroyed: {e.MessageText}.");
        }

        store.Change(_ => addon.Credentials.Remove(credential));
        return Reply.Ok(new JsonObject());
    }

    private async Task<Reply> RotateAsync(Call call)
    {
        var addon = store.Read(s => s.Database(call.Route("database")));
        var credential = Find(addon, call.Route("name"));
        var password = Names.NewPassword();
        await databases.SetPasswordAsync(credential, password, call.Ct);
        store.Change(_ => credential.Password = password);
        return Reply.Ok(Shape(addon, credential));
    }
}
