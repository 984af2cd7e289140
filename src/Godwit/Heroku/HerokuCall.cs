using System.Net;
using System.Text.Json.Nodes;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>One request, before it is sent.</summary>
/// <param name="Path">Begins with a slash; every name in it went through <see cref="Escape"/>.</param>
/// <param name="Purpose">Completes "Cannot …" in a fault: <c>read the app migr-target</c>.</param>
internal sealed record HerokuCall(HttpMethod Method, bool IsData, string Path, string Purpose)
{
    private const string VersionThree = "application/vnd.heroku+json; version=3";

    /// <summary>The variant of the Platform API that Heroku's command line asks for where it resolves names.</summary>
    public const string SdkVariant = "application/vnd.heroku+json; version=3.sdk";

    public string Accept { get; init; } = VersionThree;

    /// <summary>Null sends no body and no content type, as Heroku's command line does.</summary>
    public JsonObject? Body { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Sending it twice ends the same as once. Otherwise it is sent again only when Heroku certainly did
    /// nothing.</summary>
    public bool MayRepeat { get; init; } = Method != HttpMethod.Post;

    /// <summary>A 404 is an answer, not an error, when it is about one of these resources (or does not say about
    /// what).</summary>
    public IReadOnlyList<string>? MissingIsAnswer { get; init; }

    /// <summary>What is inside the request and must not come back in a fault.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <exception cref="FaultException">A name that would change the meaning of the path.</exception>
    public static string Escape(string name) =>
        name is "" or "." or ".." ? throw new FaultException(HerokuFaults.BadName(name)) : Uri.EscapeDataString(name);
}

/// <summary>What came back: any status that is not an error for its call.</summary>
internal sealed record HerokuAnswer(
    HttpStatusCode Status, string Body, string? ContentType, string? NextRange, string? RequestId)
{
    /// <summary>How long Heroku asks us to stay away. Null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string? Location { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public bool IsRedirect => (int)Status is >= 300 and < 400;
}
