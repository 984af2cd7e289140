using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Amazon.S3.Model;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>Sends one object of unknown length: in one piece when it is small, else in parts of which a few are under way at once.
/// Each part is kept in memory until it is acknowledged, so that it can be sent again by itself. The parts a late head stands in go up
/// last; the service joins parts by number, not by arrival.</summary>
internal sealed class S3Upload(S3Connection s3, string key, LateHead? head, IProgress<long>? sentBytes)
{
    /// <summary>The service may check and join thousands of parts before it answers. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html</summary>
    private static readonly TimeSpan CompleteMax = TimeSpan.FromMinutes(10);

    /// <summary>Cleaning up must not keep a cancelled program alive; what it cannot remove is found again by key.</summary>
    private static readonly TimeSpan AbortMax = TimeSpan.FromSeconds(30);

    private readonly string _fullKey = s3.FullKey(key);
    private readonly S3PartBuffers _buffers = new();
    private readonly List<Task<Sent>> _flying = [];
    private readonly List<PartETag> _landed = [];
    private readonly Lock _counting = new();
    private long _acknowledged;
    private Exception? _failure;

    /// <summary>Bytes sent in all, once <see cref="RunAsync"/> has ended well.</summary>
    public long SentBytes => _acknowledged;

    public async Task RunAsync(Stream body, CancellationToken ct)
    {
        // Without a head this is the first part and nothing special; with one, its end is the beginning of the body.
        var (heldCount, bodyBytes) = S3Parts.UnderHead(head?.LengthBytes ?? 0);
        var size = S3Parts.SizeOf(heldCount);
        var held = new ArraySegment<byte>(_buffers.Rent(size), 0, size);
        var read = await ReadAsync(body, held[(size - bodyBytes)..], ct);
        held = held[..(size - bodyBytes + read)];
        var isWhole = read < bodyBytes;
        if (isWhole && heldCount == 1)
        {
            head?.Ask().CopyTo(held);
            await PutWholeAsync(held, ct);
            return;
        }

        var upload = await s3.CallAsync("s3:PutObject", key, (client, attempt) => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = s3.Address.Bucket, Key = _fullKey, ContentType = "application/octet-stream" },
            attempt.Token), ct);
        try
        {
            await SendPartsAsync(upload.UploadId, isWhole ? Stream.Null : body, heldCount, held, ct);
            await CompleteAsync(upload.UploadId, ct);
        }
        catch
        {
            await TryAbortAsync(upload.UploadId);
            throw;
        }
    }

    // A source that does not listen to the token is left reading into a buffer nobody uses again.
    private static async Task<int> ReadAsync(Stream body, ArraySegment<byte> into, CancellationToken ct) =>
        await body.ReadAtLeastAsync(into, into.Count, throwOnEndOfStream: false, ct).AsTask().WaitAsync(ct);

#pragma warning disable CA2025 // The parts use 'stop', and the finally waits for all of them before it is disposed.
    private async Task SendPartsAsync(string uploadId, Stream body, int heldCount, ArraySegment<byte> held, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var upload = new Flight(uploadId, stop);
        try
        {
            if (head is null)
                Launch(upload, heldCount, held);
            await SendBodyAsync(upload, heldCount + 1, body);
            if (head is not null)
                await SendHeadAsync(upload, head.Ask(), heldCount, held);
            while (_flying.Count > 0)
                await LandOneAsync();
        }
        catch (OperationCanceledException) when (_failure is not null && !ct.IsCancellationRequested)
        {
            // A part failed and stopped the reading: the part's fault is what happened.
            ExceptionDispatchInfo.Throw(_failure);
            throw;
        }
        finally
        {
            // No part may arrive after the upload was aborted, or it would stay there and be paid for.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(_flying)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
#pragma warning restore CA2025

    private async Task SendBodyAsync(Flight upload, int firstNumber, Stream body)
    {
        for (var number = firstNumber; ; number++)
        {
            var part = await RoomForAsync(number);
            var read = await ReadAsync(body, part, upload.Stop.Token);
            if (read == 0)
                return;
            if (number > S3Parts.CountMax)
                throw new FaultException(StorageFaults.Full(s3.Address.ToString(), $"one object holds {S3Parts.CountMax} parts and no more"));
            Launch(upload, number, part[..read]);
            if (read < part.Count)
                return;
        }
    }

    /// <param name="held">The last part with some of the head in it, and with its share of the body already behind that.</param>
    private async Task SendHeadAsync(Flight upload, ReadOnlyMemory<byte> content, int heldCount, ArraySegment<byte> held)
    {
        for (var number = 1; number < heldCount; number++)
        {
            var part = await RoomForAsync(number);
            content[..part.Count].CopyTo(part);
            content = content[part.Count..];
            Launch(upload, number, part);
        }

        content.CopyTo(held);
        Launch(upload, heldCount, held);
    }

    /// <summary>An empty part, once enough others have landed.</summary>
    private async Task<ArraySegment<byte>> RoomForAsync(int number)
    {
        while (_flying.Count >= S3Parts.InMemoryAt(number))
            await LandOneAsync();
        var size = S3Parts.SizeOf(number);
        return new ArraySegment<byte>(_buffers.Rent(size), 0, size);
    }

    private async Task LandOneAsync()
    {
        var done = await Task.WhenAny(_flying);
        _flying.Remove(done);
        var sent = await done;
        _landed.Add(sent.ETag);
        _buffers.Return(sent.Buffer);
    }

    // On a thread of the pool: checksums and the signature's hash are computed before the first wait, and the body must be read meanwhile.
    private void Launch(Flight upload, int number, ArraySegment<byte> part) =>
        _flying.Add(Task.Run(() => SendPartAsync(upload.Id, number, part, upload.Stop), CancellationToken.None));

    private async Task<Sent> SendPartAsync(string uploadId, int number, ArraySegment<byte> part, CancellationTokenSource stop)
    {
        try
        {
            var digest = Digest(part);
            var answer = await s3.CallAsync("s3:PutObject", key, s3.Options.PartAttemptsMax, S3Connection.StallMax, (client, attempt) =>
                client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = s3.Address.Bucket,
                        Key = _fullKey,
                        UploadId = uploadId,
                        PartNumber = number,
                        PartSize = part.Count,
                        InputStream = new MemoryStream(part.Array!, 0, part.Count, writable: false),
                        MD5Digest = digest,
                        UseChunkEncoding = false,
                        StreamTransferProgress = (_, _) => attempt.Alive(),
                    },
                    attempt.Token), stop.Token);
            Acknowledge(part.Count);
            return new Sent(new PartETag(number, answer.ETag), part.Array!);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task PutWholeAsync(ArraySegment<byte> content, CancellationToken ct)
    {
        var digest = Digest(content);
        await s3.CallAsync("s3:PutObject", key, s3.Options.PartAttemptsMax, S3Connection.StallMax, (client, attempt) => client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = s3.Address.Bucket,
                Key = _fullKey,
                InputStream = new MemoryStream(content.Array!, 0, content.Count, writable: false),
                ContentType = "application/octet-stream",
                MD5Digest = digest,
                UseChunkEncoding = false,
                StreamTransferProgress = (_, _) => attempt.Alive(),
            },
            attempt.Token), ct);
        Acknowledge(content.Count);
    }

    private async Task CompleteAsync(string uploadId, CancellationToken ct)
    {
        var before = await HeadAsync(ct);
        try
        {
            await s3.CallAsync("s3:PutObject", key, s3.Options.PartAttemptsMax, CompleteMax, (client, attempt) => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = s3.Address.Bucket,
                    Key = _fullKey,
                    UploadId = uploadId,
                    PartETags = [.. _landed.OrderBy(p => p.PartNumber)],
                },
                attempt.Token), ct);
        }
        catch (FaultException e) when (e.InnerException is { } cause && S3Errors.IsCode(cause, "NoSuchUpload"))
        {
            // The answer to an earlier attempt was lost on its way: then the upload is gone because it is done.
            var after = await HeadAsync(ct);
            if (after is null || after.ContentLength != _acknowledged || after.ETag == before?.ETag)
                throw;
        }
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(CancellationToken ct) => await S3Store.HeadAsync(s3, key, ct);

    private async Task TryAbortAsync(string uploadId)
    {
        using var limit = new CancellationTokenSource(AbortMax, s3.Clock);
        try
        {
            await s3.CallAsync("s3:AbortMultipartUpload", key, (client, attempt) => client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = s3.Address.Bucket, Key = _fullKey, UploadId = uploadId }, attempt.Token), limit.Token);
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException)
        {
            // The failure that led here is the one to report; AbortUploadsAsync finds what is left.
        }
    }

    private void Acknowledge(int bytes)
    {
        // Under a lock, so that two parts that land together do not report out of order.
        lock (_counting)
        {
            _acknowledged += bytes;
            sentBytes?.Report(_acknowledged);
        }
    }

    // 900 MB/s on one core of a machine where a dump makes 50 MB/s: a twentieth of a core, and on services that do not check the signature's
    // own hash the only proof that a part arrived as it was sent.
#pragma warning disable CA5351 // Content-MD5 is what the protocol checks a part by; it guards against accidents, not against people.
    private static string Digest(ArraySegment<byte> content) => Convert.ToBase64String(MD5.HashData(content));
#pragma warning restore CA5351

    private sealed record Flight(string Id, CancellationTokenSource Stop);

    private sealed record Sent(PartETag ETag, byte[] Buffer);
}
