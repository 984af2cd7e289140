using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Platform;

/// <summary>The only account and authorization. The CLI also asks "particleboard" for the account.</summary>
internal sealed class AccountEndpoints(LocalStore store, HerokuLocalOptions options, Secret token)
{
    // Thirty days, as the CLI requests.
    private const int ExpiresSeconds = 2_592_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", "/account", _ => store.Read(s => Reply.Ok(Account(s))));
        routes.On("GET", "/account/features", _ => Reply.Ok(new JsonArray()));
        routes.On("GET", "/teams", _ => Reply.Ok(new JsonArray()));
        routes.On("GET", "/oauth/authorizations", _ => store.Read(s => Reply.Ok(new JsonArray(Authorization(s)))));
        routes.On("GET", "/oauth/authorizations/~", _ => store.Read(s => Reply.Ok(Authorization(s))));
        routes.On("POST", "/oauth/authorizations", _ => store.Read(s => Reply.Created(Authorization(s))));
        routes.On("DELETE", "/oauth/authorizations/{id}", _ => store.Read(s => Reply.Ok(Authorization(s))));
        routes.On("DELETE", "/oauth/sessions/~", _ => Reply.Ok(new JsonObject()));
        routes.On("PUT", "/apps/{app}/pre-authorizations",
            call => store.Read(s => Reply.Ok(PlatformShapes.Reference(s.App(call.Route("app"))))));
    }

    private JsonObject Account(LocalState state) => new()
    {
        ["id"] = state.AccountId.ToString(),
        ["email"] = options.Email,
        ["name"] = "heroku-local",
        ["allow_tracking"] = false,
        ["beta"] = false,
        ["federated"] = false,
        ["two_factor_authentication"] = true,
        ["verified"] = true,
        ["suspended_at"] = null,
        ["delinquent_at"] = null,
        ["default_team"] = null,
        ["created_at"] = PlatformShapes.Time(state.CreatedAt),
        ["updated_at"] = PlatformShapes.Time(state.CreatedAt),
        ["last_login"] = PlatformShapes.Time(state.CreatedAt),
    };

    private JsonObject Authorization(LocalState state) => new()
    {
        ["id"] = Names.StableId($"authorization/{state.AccountId}").ToString(),
        ["description"] = "heroku-local",
        ["scope"] = new JsonArray("global"),
        ["client"] = null,
        ["grant"] = null,
        ["refresh_token"] = null,
        ["access_token"] = new JsonObject
        {
            ["id"] = Names.StableId($"access-token/{state.AccountId}").ToString(),
            ["token"] = token.Reveal(),
            ["expires_in"] = ExpiresSeconds,
        },
        ["user"] = new JsonObject { ["id"] = state.AccountId.ToString(), ["email"] = options.Email },
        ["created_at"] = PlatformShapes.Time(state.CreatedAt),
        ["updated_at"] = PlatformShapes.Time(state.CreatedAt),
    };
}
