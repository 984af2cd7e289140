using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The failures of every store, over Swift. What only S3 knows is in <see cref="S3FaultTests"/>.</summary>
public sealed partial class S3FailuresTests(SwiftServer swift) : ObjectStoreFailures
{
    private readonly List<SwiftServer> _servers = [];
    private string _bucket = "";

    public override async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override string Busy => Answer("503 Slow Down", "Content-Type: application/xml",
        "<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");

#pragma warning disable CA5351 // What S3 keeps of a part is its MD5.
    protected override string Acknowledge(byte[] part) => Answer("200 OK", $"ETag: \"{Convert.ToHexStringLower(MD5.HashData(part))}\"", "");
#pragma warning restore CA5351

    protected override async Task<int> MakeBucketAsync()
    {
        _bucket = await swift.MakeBucketAsync(Ct);
        return swift.Port;
    }

    protected override IObjectStore Open(int port, Opener opener, int attempts, TimeProvider clock) => Open(_bucket, port, opener switch
    {
        Opener.Mistyped => SwiftServer.Keys with { Key = new Secret("wrong") },
        Opener.Stranger => SwiftServer.StrangersKeys,
        _ => SwiftServer.Keys,
    }, attempts, clock);

    protected override IObjectStore OpenMissing() => Open("no-such-bucket", Port, SwiftServer.Keys, attempts: 2, TimeProvider.System);

    /// <summary>The SDK takes the time from the system, for all of the process.</summary>
    protected override async Task<IObjectStore> OpenAheadAsync(TimeSpan ahead)
    {
        var server = new SwiftServer(-ahead);
        _servers.Add(server);
        await server.StartAsync(Ct);
        return Open("bucket", server.Port, SwiftServer.Keys, attempts: 2, TimeProvider.System);
    }

    protected override (Call Call, int Part) Read(string line)
    {
        var isPut = line.StartsWith("PUT ", StringComparison.Ordinal);
        if (isPut && PartNumber().Match(line) is { Success: true } part)
            return (Call.SendPart, int.Parse(part.Value, System.Globalization.CultureInfo.InvariantCulture));
        if (isPut)
            return (Call.PutWhole, 0);
        if (!line.StartsWith("POST ", StringComparison.Ordinal))
            return (Call.Other, 0);
        return line.Contains("uploadId=", StringComparison.Ordinal) ? (Call.Complete, 0)
            : line.Contains("?uploads", StringComparison.Ordinal) ? (Call.Begin, 0) : (Call.Other, 0);
    }

    protected override Task<IReadOnlyList<string>> KeptAsync() => swift.KeptAsync(_bucket, Ct);

    private static IObjectStore Open(string bucket, int port, S3Keys keys, int attempts, TimeProvider clock) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""),
        new StoreOptions { S3 = new S3Options { Endpoint = $"http://127.0.0.1:{port}", Keys = keys, PartAttemptsMax = attempts } },
        new NoLinkHost(),
        clock);

    private static string Answer(string status, string header, string body) =>
        $"HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    [GeneratedRegex("(?<=[?&]partNumber=)[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex PartNumber();
}
