using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
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
    protected override string Acknowledge(byte[] part) =>
        Answer("200 OK", $"ETag: \"{Convert.ToHexStringLower(MD5.HashData(part))}\"", "");
#pragma warning restore CA5351

    protected override async Task<int> MakeBucketAsync()
    {
        _bucket = await swift.MakeBucketAsync(Ct);
        return swift.Port;
    }

    protected override IObjectStore Open(int port, Opener opener, int attempts, TimeProvider clock) =>
        Open(_bucket, port, opener switch
        {
            Opener.UsageProblems => SwiftServer.Keys with { Key = new Secret("wrong") },
            Opener.Stranger => SwiftServer.StrangersKeys,
            _ => SwiftServer.Keys,
        }, attempts, clock);

    protected override IObjectStore OpenMissing() =>
        Open("no-such-bucket", Port, SwiftServer.Keys, attempts: 2, TimeProvider.System);

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

    protected override async Task SpoilAsync(bool isTruncated)
    {
        using var client = new AmazonS3Client(
            SwiftServer.Keys.Id, SwiftServer.Keys.Key.Reveal(),
            new AmazonS3Config { ServiceURL = $"http://127.0.0.1:{Port}", ForcePathStyle = true });
        var head = await client.GetObjectMetadataAsync(_bucket, Key, Ct);
        using var whole = await client.GetObjectAsync(_bucket, Key, Ct);
        using var bytes = new MemoryStream();
        await whole.ResponseStream.CopyToAsync(bytes, Ct);
        const int PartBytes = 8 * 1024 * 1024;
        var parts = bytes.ToArray().Chunk(PartBytes).ToList();
        (parts[1], parts[2]) = (parts[2], parts[1]);
        if (isTruncated)
            parts.RemoveAt(1);
        await client.DeleteObjectAsync(_bucket, Key, Ct);
        var request = new InitiateMultipartUploadRequest { BucketName = _bucket, Key = Key };
        foreach (var name in head.Metadata.Keys)
            request.Metadata[name] = head.Metadata[name];
        var upload = (await client.InitiateMultipartUploadAsync(request, Ct)).UploadId;
        var sent = new List<PartETag>();
        for (var number = 1; number <= parts.Count; number++)
        {
            using var content = new MemoryStream(parts[number - 1]);
            var part = await client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = _bucket, Key = Key, UploadId = upload, PartNumber = number, InputStream = content,
                    UseChunkEncoding = false,
                }, Ct);
            sent.Add(new(number, part.ETag));
        }

        await client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = _bucket, Key = Key, UploadId = upload, PartETags = sent },
            Ct);
    }

    protected override Task<IReadOnlyList<string>> KeptAsync() => swift.KeptAsync(_bucket, Ct);

    private static IObjectStore Open(string bucket, int port, S3Keys keys, int attempts, TimeProvider clock) =>
        ObjectStores.Open(
            new StoreAddress.S3(bucket, ""),
            new StoreOptions
            {
                S3 = new S3Options { Endpoint = $"http://127.0.0.1:{port}", Keys = keys, PartAttemptsMax = attempts },
            },
            new NoLinkHost(),
            clock);

    private static string Answer(string status, string header, string body) =>
        $"HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    [GeneratedRegex("(?<=[?&]partNumber=)[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex PartNumber();
}
