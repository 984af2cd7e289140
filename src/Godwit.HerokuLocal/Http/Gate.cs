using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;
using Godwit.HerokuLocal.Trouble;
using Microsoft.AspNetCore.Http;

namespace Godwit.HerokuLocal.Http;

/// <summary>Handles every request: gives it an id, applies the rate limit and simulated faults, checks the token, and
/// turns errors into answers.</summary>
internal sealed class Gate(Secret token, RateLimit limit, FaultSimulator trouble)
{
    /// <summary>Of backups, which Heroku keeps in a bucket. Needs a signature instead of the token.</summary>
    public const string FilesPath = "/_local/backups";

    /// <summary>Asks the server to end; needs the token.</summary>
    public const string StopPath = "/_local/stop";

    private const string DataPath = "/client/v11";
    private const string PostgresPath = "/postgres/v0";

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers["Request-Id"] = Guid.NewGuid().ToString();
        try
        {
            if (!context.Request.Path.StartsWithSegments(FilesPath, StringComparison.Ordinal))
            {
                Count(context);
                if (context.Request.Path != StopPath && !await trouble.ApplyAsync(context))
                    return;
                CheckToken(context.Request);
            }

            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404, ContentLength: null }
                && context.GetEndpoint() is null)
                throw IsData(context.Request) ? ApiException.EmptyNotFound() : NoSuchEndpoint();
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await Routing.SendAsync(context.Response, new(e.Status, e.Body()) { Headers = e.Headers });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var message = $"heroku-local failed: {e.GetType().Name}: {Redactor.Clean(e.Message, token)}";
            await Routing.SendAsync(context.Response,
                new(500, new ApiException(500, "internal_server_error", message).Body()));
        }
    }

    private static bool IsData(HttpRequest request) =>
        request.Path.StartsWithSegments(DataPath, StringComparison.Ordinal)
        || request.Path.StartsWithSegments(PostgresPath, StringComparison.Ordinal);

    private static ApiException NoSuchEndpoint() => new(404, "not_found",
        "The requested API endpoint was not found. Are you using the right HTTP verb (i.e. `GET` vs. "
        + "`POST`), and did you specify your intended version with the `Accept` header?");

    private void Count(HttpContext context)
    {
        var left = limit.Take();
        context.Response.Headers["RateLimit-Remaining"] = Math.Max(0, left).ToString(CultureInfo.InvariantCulture);
        if (left < 0)
            throw FaultSimulator.TooMany(TimeSpan.FromMinutes(1));
    }

    // Reading credentials uses Basic with an empty user (the CLI changes them with Bearer), login uses Basic with the
    // token as password, all other calls Bearer.
    private void CheckToken(HttpRequest request)
    {
        var sent = request.Headers.Authorization.ToString();
        var isCredentials = HttpMethods.IsGet(request.Method)
            && request.Path.StartsWithSegments(PostgresPath, StringComparison.Ordinal)
            && request.Path.Value!.Contains("/credentials", StringComparison.Ordinal);
        var isLogin = HttpMethods.IsPost(request.Method) && request.Path == "/oauth/authorizations";
        var given = isCredentials ? PasswordOf(sent)
            : isLogin ? PasswordOf(sent) ?? BearerOf(sent)
            : BearerOf(sent);
        if (given is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given),
            Encoding.UTF8.GetBytes(token.Reveal())))
            throw ApiException.Unauthorized();
    }

    private static string? BearerOf(string header) =>
        header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;

    private static string? PasswordOf(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
