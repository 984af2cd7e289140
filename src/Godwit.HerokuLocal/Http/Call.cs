using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Godwit.HerokuLocal.Http;

/// <summary>A request; an empty body counts as <c>{}</c>.</summary>
internal sealed class Call(HttpContext context, JsonObject body)
{
    public JsonObject Body => body;

    public CancellationToken Ct => context.RequestAborted;

    public HttpRequest Request => context.Request;

    public string Route(string name) => Uri.UnescapeDataString(context.Request.RouteValues[name]?.ToString() ?? "");

    public bool Wants(string query) => context.Request.Query[query] == "true";

    /// <summary>Also a number or boolean; null: missing or null.</summary>
    public string? Text(string name) => TextOf(body[name]);

    /// <summary>Given as <c>"name"</c>, <c>{"name":…}</c> or <c>{"id":…}</c>.</summary>
    public string? Reference(string name) =>
        body[name] is JsonObject inner ? TextOf(inner["id"]) ?? TextOf(inner["name"]) : Text(name);

    public static string? TextOf(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => throw ApiException.BadRequest("A text was expected where a list or an object was sent."),
    };

    /// <summary>A list of strings, or one string separated by commas.</summary>
    public static List<string> ListOf(JsonNode? node)
    {
        var items = node is JsonArray array ? array.Select(i => TextOf(i) ?? "") : (TextOf(node) ?? "").Split(',');
        return [.. items.Select(i => i.Trim()).Where(i => i.Length > 0)];
    }
}

/// <param name="Body">Null: none.</param>
internal sealed record Reply(int Status, JsonNode? Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static Reply Ok(JsonNode body) => new(200, body);

    public static Reply Created(JsonNode body) => new(201, body);
}

internal static class Routing
{
    /// <summary>The CLI parses a body as JSON only with exactly this type, or one that ends in +json.</summary>
    public const string JsonType = "application/json";

    public static void On(
        this IEndpointRouteBuilder routes, string method, string pattern, Func<Call, Task<Reply>> answer) =>
        routes.MapMethods(pattern, [method], async context =>
        {
            var call = new Call(context, await ReadBodyAsync(context.Request));
            await SendAsync(context.Response, await answer(call));
        });

    public static void On(this IEndpointRouteBuilder routes, string method, string pattern, Func<Call, Reply> answer) =>
        routes.On(method, pattern, call => Task.FromResult(answer(call)));

    public static async Task SendAsync(HttpResponse response, Reply reply)
    {
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        if (reply.Body is null)
            return;
        response.ContentType = JsonType;
        await response.WriteAsync(reply.Body.ToJsonString(), response.HttpContext.RequestAborted);
    }

    private static async Task<JsonObject> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
            return [];
        try
        {
            return await JsonNode.ParseAsync(request.Body,
                cancellationToken: request.HttpContext.RequestAborted) as JsonObject
                ?? throw ApiException.BadRequest("Request body must be a JSON object.");
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest("Unable to parse the JSON request.");
        }
    }
}
