// Http: the common part of all calls: who may call, the form of errors, the paging of lists.
//
// The Platform API and the Data API share one port. A Platform 404 has a message, a Data 404 an empty body: the CLI
// uses this to tell "not yet provisioned" from "broken".
using System.Text.Json.Nodes;

namespace Godwit.HerokuLocal.Http;

#pragma warning disable CA1064 // Never leaves the server: the gate turns it into an answer.
/// <summary>An error in Heroku's format.</summary>
internal sealed class ApiException(int status, string? id, string message, string? resource = null) : Exception(message)
#pragma warning restore CA1064
{
    public int Status => status;

    /// <summary>Null: an empty body.</summary>
    public JsonObject? Body()
    {
        if (id is null)
            return null;
        var body = new JsonObject { ["id"] = id, ["message"] = Message };
        if (resource is not null)
            body["resource"] = resource;
        return body;
    }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static ApiException NotFound(string resource, string message) => new(404, "not_found", message, resource);

    public static ApiException EmptyNotFound() => new(404, null, "not found");

    public static ApiException Invalid(string message) => new(422, "invalid_params", message);

    public static ApiException BadRequest(string message) => new(400, "bad_request", message);

    public static ApiException Unauthorized() => new(401, "unauthorized", "Invalid credentials provided.");

    public static ApiException ConfirmationRequired(string app, string message) =>
        new(423, "confirmation_required", message)
        {
            Headers = new Dictionary<string, string> { ["X-Confirmation-Required"] = app },
        };
}
