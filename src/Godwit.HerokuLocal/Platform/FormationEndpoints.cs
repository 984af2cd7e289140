using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Godwit.HerokuLocal.Http;
using Godwit.HerokuLocal.State;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Platform;

/// <summary>Process types and dynos. Nothing is deployed, so only the quantities count.</summary>
internal sealed class FormationEndpoints(LocalStore store, TimeProvider clock)
{
    // More than Heroku gives any app.
    private const int QuantityMax = 10_000;

    // Four digits, as at Heroku.
    private const int OneOffNumberMin = 1000, OneOffNumberMax = 10_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.On("GET", "/apps/{app}/formation", call => store.Read(s => s.App(call.Route("app")) is var app
            ? Paging.Page(call, app.Formation.Select(p => PlatformShapes.Process(p, app)), "id", "type") : null!));
        routes.On("GET", "/apps/{app}/formation/{type}", call => store.Read(s => s.App(call.Route("app")) is var app
            ? Reply.Ok(PlatformShapes.Process(Find(app, call.Route("type")), app)) : null!));
        routes.On("PATCH", "/apps/{app}/formation", Batch);
        routes.On("PATCH", "/apps/{app}/formation/{type}", One);
        routes.On("GET", "/apps/{app}/dynos", Dynos);
        routes.On("POST", "/apps/{app}/dynos", Run);
        routes.On("POST", "/apps/{app}/dynos/{dyno}/actions/stop", Stop);
        routes.On("POST", "/apps/{app}/formations/{type}/actions/stop", StopType);
    }

    private static ProcessState Find(AppState app, string type) =>
        app.Formation.Find(p => p.Type == type || p.Id.ToString() == type)
        ?? throw ApiException.NotFound("formation", $"Couldn't find that process type ({type}).");

    private Reply Batch(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        if (call.Body["updates"] is not JsonArray updates)
            throw ApiException.BadRequest("Expected updates: a list of process types with their quantities.");
        var planned = updates.OfType<JsonObject>()
            .Select(u => Plan(Find(app, Call.TextOf(u["type"]) ?? Call.TextOf(u["process"]) ?? ""), u)).ToList();
        planned.ForEach(Apply);
        return Reply.Ok(new JsonArray([.. app.Formation.Select(p => (JsonNode)PlatformShapes.Process(p, app))]));
    });

    private Reply One(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        var process = Find(app, call.Route("type"));
        Apply(Plan(process, call.Body));
        return Reply.Ok(PlatformShapes.Process(process, app));
    });

    // Checks an update without applying it. The CLI sends quantities as text, also relative: "+1".
    private static (ProcessState Process, int Quantity, string Size) Plan(ProcessState process, JsonObject update)
    {
        var size = (update["size"] is JsonObject inner ? Call.TextOf(inner["name"]) : Call.TextOf(update["size"]))
            ?? process.Size;
        if (Call.TextOf(update["quantity"]) is not { } text)
            return (process, process.Quantity, size);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw ApiException.Invalid($"Quantity {text} is not a number.");
        var quantity = text[0] is '+' or '-' ? process.Quantity + number : number;
        return quantity is >= 0 and <= QuantityMax ? (process, quantity,
            size) : throw ApiException.Invalid("Quantity must be greater than or equal to 0.");
    }

    private void Apply((ProcessState Process, int Quantity, string Size) plan)
    {
        (plan.Process.Quantity, plan.Process.Size) = (plan.Quantity, plan.Size);
        plan.Process.UpdatedAt = clock.GetUtcNow();
    }

    private Reply Dynos(Call call) => store.Read(state =>
    {
        var app = state.App(call.Route("app"));
        return Paging.Page(call, All(app), "id", "name");
    });

    private IEnumerable<JsonObject> All(AppState app) =>
        [.. app.Formation.SelectMany(p => Enumerable.Range(1, p.Quantity).Select(n => PlatformShapes.Dyno(p, n, app,
            clock.GetUtcNow()))), .. app.OneOffs.Select(dyno => PlatformShapes.Dyno(dyno, app, clock.GetUtcNow()))];

    // A one-off dyno, as of heroku run:detached. Attaching needs a server of Heroku's that is not simulated.
    private Reply Run(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        if (call.Text("attach") == "true")
            throw ApiException.Invalid("heroku-local attaches to no dyno: use heroku run:detached.");
        var dyno = new OneOffState
        {
            Type = call.Text("type") ?? OneOffState.Run,
            Number = RandomNumberGenerator.GetInt32(OneOffNumberMin, OneOffNumberMax),
            Size = call.Text("size") ?? "Basic",
            Command = call.Text("command") ?? throw ApiException.Invalid("Command can't be blank."),
            StartedAt = clock.GetUtcNow(),
        };
        app.OneOffs.Add(dyno);
        return Reply.Created(PlatformShapes.Dyno(dyno, app, clock.GetUtcNow()));
    });

    // One-off dynos only: Heroku restarts a dyno of a process type at once.
    private Reply Stop(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        var asked = call.Route("dyno");
        if (!All(app).Any(dyno => asked == (string?)dyno["name"] || asked == (string?)dyno["id"]))
            throw ApiException.NotFound("dyno", "Couldn't find that dyno.");
        app.OneOffs.RemoveAll(dyno => asked == dyno.Name || asked == dyno.Id.ToString());
        return new Reply(202, new JsonObject());
    });

    private Reply StopType(Call call) => store.Change(state =>
    {
        var app = state.App(call.Route("app"));
        app.OneOffs.RemoveAll(dyno => dyno.Type == call.Route("type"));
        return new Reply(202, new JsonObject());
    });
}
