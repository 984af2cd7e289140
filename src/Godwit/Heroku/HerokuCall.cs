using System.Net;
using System.Text.Json.Nodes;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <param name="Path">Begins with a slash; every name in it is escaped with <see cref="Escape"/>.</param>
/// <param name="Purpose">Completes "Cannot …" in a fault: <c>read the app migr-target</c>.</param>
internal sealed record HerokuCall(HttpMethod Method, bool IsData, string Path, string Purpose)
{
    private const string VersionThree = "application/vnd.heroku+json; version=3";

    /// <summary>The variant of the Platform API that Heroku's command line uses to resolve names.</summary>
    public const string SdkVariant = "application/vnd.heroku+json; version=3.sdk";

    public string Accept { get; init; } = VersionThree;

    /// <summary>Null sends neither body nor content type, like Heroku's command line.</summary>
    public JsonObject? Body { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>True: sending it twice has the same effect as once. False: it is repeated only if Heroku certainly did
    /// nothing.</summary>
    public bool MayRepeat { get; init; } = Method != HttpMethod.Post;

    /// <summary>Resources for which 404 is an answer and not an error; the same holds for a 404 that names no
    /// resource.</summary>
    public IReadOnlyList<string>? MissingIsAnswer { get; init; }

    /// <summary>Faults must not repeat them.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <exception cref="FaultException">The name would change the meaning of the path.</exception>
    public static string Escape(string name) =>
        name is "" or "." or ".." ? throw new FaultException(HerokuFaults.BadName(name)) : Uri.EscapeDataString(name);
}

/// <summary>An answer of any status.</summary>
internal sealed record HerokuAnswer(
    HttpStatusCode Status, string Body, string? ContentType, string? NextRange, string? RequestId)
{
    /// <summary>The wait that Heroku asks for. Null: it names none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string? Location { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public bool IsRedirect => (int)Status is >= 300 and < 400;
}
