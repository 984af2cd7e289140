using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Amazon.S3.Model;
using Godwit.Faults;

namespace Godwit.Storage.S3;

/// <summary>Sends one forward-only stream of unknown length: in one piece when it is small, else in parts of which a few are under way
/// at once. Each part is kept in memory until it is acknowledged, so that it can be sent again by itself.</summary>
internal sealed class S3Upload(S3Connection s3, string key, IProgress<long>? sentBytes)
{
    /// <summary>The service may check and join thousands of parts before it answers. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html</summary>
    private static readonly TimeSpan CompleteMax = TimeSpan.FromMinutes(10);

    /// <summary>Cleaning up must not keep a cancelled program alive; what it cannot remove is found again by key.</summary>
    private static readonly TimeSpan AbortMax = TimeSpan.FromSeconds(30);

    private readonly string _fullKey = s3.FullKey(key);
    private readonly Lock _counting = new();
    private long _acknowledged;
    private Exception? _failure;

    /// <summary>Bytes sent in all, once <see cref="RunAsync"/> has ended well.</summary>
    public long SentBytes => _acknowledged;

    public async Task RunAsync(Stream content, CancellationToken ct)
    {
        var first = await ReadPartAsync(content, 1, null, ct);
        if (first.Count < first.Array!.Length)
        {
            await PutWholeAsync(first, ct);
            return;
        }

        var upload = await s3.CallAsync("s3:PutObject", key, (client, attempt) => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = s3.Address.Bucket, Key = _fullKey, ContentType = "application/octet-stream" },
            attempt.Token), ct);
        try
        {
            var parts = await SendPartsAsync(upload.UploadId, first, content, ct);
            await CompleteAsync(upload.UploadId, parts, ct);
        }
        catch
        {
            await TryAbortAsync(upload.UploadId);
            throw;
        }
    }

    private static async Task<ArraySegment<byte>> ReadPartAsync(Stream content, int number, byte[]? spare, CancellationToken ct)
    {
        var size = S3Parts.SizeOf(number);
        var buffer = spare?.Length == size ? spare : GC.AllocateUninitializedArray<byte>(size);
        // A source that does not listen to the token is left reading into a buffer nobody uses again.
        var count = await content.ReadAtLeastAsync(buffer, size, throwOnEndOfStream: false, ct).AsTask().WaitAsync(ct);
        return new ArraySegment<byte>(buffer, 0, count);
    }

#pragma warning disable CA2025 // The parts use 'stop', and the finally waits for all of them before it is disposed.
    private async Task<List<PartETag>> SendPartsAsync(string uploadId, ArraySegment<byte> part, Stream content, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var flying = new List<Task<Sent>>();
        var landed = new List<PartETag>();
        try
        {
            for (var number = 1; ; number++)
            {
                if (number > S3Parts.CountMax)
                    throw new FaultException(StorageFaults.Full(s3.Address.ToString(), $"one object holds {S3Parts.CountMax} parts and no more"));
                flying.Add(SendPartAsync(uploadId, number, part, stop));
                byte[]? spare = null;
                while (flying.Count >= S3Parts.InFlightAt(number + 1))
                    spare = await LandOneAsync(flying, landed);
                part = await ReadPartAsync(content, number + 1, spare, stop.Token);
                if (part.Count == 0)
                    break;
                if (part.Count < part.Array!.Length)
                {
                    flying.Add(SendPartAsync(uploadId, number + 1, part, stop));
                    break;
                }
            }

            while (flying.Count > 0)
                await LandOneAsync(flying, landed);
            return landed;
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
            await ((Task)Task.WhenAll(flying)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
#pragma warning restore CA2025

    private static async Task<byte[]> LandOneAsync(List<Task<Sent>> flying, List<PartETag> landed)
    {
        var done = await Task.WhenAny(flying);
        flying.Remove(done);
        var sent = await done;
        landed.Add(sent.ETag);
        return sent.Buffer;
    }

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

    private async Task CompleteAsync(string uploadId, List<PartETag> parts, CancellationToken ct)
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
                    PartETags = [.. parts.OrderBy(p => p.PartNumber)],
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

#pragma warning disable CA5351 // Content-MD5 is what the protocol checks a part by; it guards against accidents, not against people.
    private static string Digest(ArraySegment<byte> content) => Convert.ToBase64String(MD5.HashData(content));
#pragma warning restore CA5351

    private sealed record Sent(PartETag ETag, byte[] Buffer);
}
