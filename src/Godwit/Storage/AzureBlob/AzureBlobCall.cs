using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Godwit.Storage.Calls;

namespace Godwit.Storage.AzureBlob;

/// <summary>One request to the service, repeated as often as needed.</summary>
/// <param name="Right">For the fault when it is missing.</param>
internal sealed record AzureBlobCall(HttpMethod Method, AzureRight Right)
{
    /// <summary>Null: the request concerns the container itself.</summary>
    public string? Key { get; init; }

    /// <summary>The request concerns the account's whole blob service.</summary>
    public bool IsOfService { get; init; }

    /// <summary>Names and values, not escaped.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public ArraySegment<byte> Body { get; init; } = ArraySegment<byte>.Empty;

    /// <summary>Null: the body needs no check.</summary>
    public byte[]? BodyMd5 { get; init; }

    public string? BodyType { get; init; }

    /// <summary>How long a cancelled request may still run before it is cut short. The service may still carry out a
    /// request that was cut short, after later requests.</summary>
    public TimeSpan LandingMax { get; init; }

    public static ArraySegment<byte> Utf8(string text) => new(Encoding.UTF8.GetBytes(text));
}

/// <param name="Doing">Worded to follow "may not".</param>
/// <param name="Letter">The permission letter in a SAS. Null: no SAS of a container can grant the right.</param>
internal sealed record AzureRight(string Doing, string? Letter)
{
    public static AzureRight List { get; } = new("list the container", "l");

    public static AzureRight Read { get; } = new("read an object", "r");

    public static AzureRight Write { get; } = new("write an object", "w");

    public static AzureRight Delete { get; } = new("delete an object", "d");

    public static AzureRight DeleteVersion { get; } = new("delete an old version of an object", "x");

    public static AzureRight Look { get; } = new("read the container's properties", null);

    public static AzureRight Create { get; } = new("create a container", null);

    public static AzureRight Delegate { get; } = new("ask for a user delegation key", null);
}

/// <summary>To a request that succeeded.</summary>
internal sealed record AzureBlobAnswer(IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);

    public string ETag => this["ETag"] ?? "";

    public long ContentLength => long.Parse(this["Content-Length"] ?? "0", CultureInfo.InvariantCulture);
}

/// <summary>A request body that reports progress to its attempt.</summary>
internal sealed class MovingContent : HttpContent
{
    private const int PieceBytes = 256 * 1024;

    private readonly ArraySegment<byte> _body;
    private readonly StoreAttempt _attempt;

    public MovingContent(AzureBlobCall call, StoreAttempt attempt)
    {
        (_body, _attempt) = (call.Body, attempt);
        Headers.ContentLength = call.Body.Count;
        if (call.BodyMd5 is not null)
            Headers.ContentMD5 = call.BodyMd5;
        if (call.BodyType is not null)
            Headers.ContentType = new MediaTypeHeaderValue(call.BodyType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
        SerializeToStreamAsync(stream, context, _attempt.Token);

    protected override async Task SerializeToStreamAsync(
        Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
    {
        for (var at = 0; at < _body.Count; at += PieceBytes)
        {
            await stream.WriteAsync(_body.AsMemory(at, Math.Min(PieceBytes, _body.Count - at)), cancellationToken);
            _attempt.Alive();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Count;
        return true;
    }
}
