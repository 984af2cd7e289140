using System.Runtime.ExceptionServices;
using Godwit.Faults;

namespace Godwit.Storage.Parts;

/// <summary>Uploads one object of unknown length: a small one in one piece, else in parts, a few at once. Each part
/// stays in memory until it is acknowledged, so that it can be sent again. The parts that hold a late head are sent
/// last: the service joins parts by number.</summary>
/// <param name="store">For faults.</param>
internal sealed class PartsUpload(IPartSink sink, string store, ObjectUpload what, TimeProvider clock)
{
    // Limits the clean-up of a cancelled program; AbortUploadsAsync finds what is left by its key.
    private static readonly TimeSpan AbortMax = TimeSpan.FromSeconds(30);

    private readonly PartPlan _plan = PartPlan.For(what.ExpectedBytes, sink.PartsMax);
    private readonly PartBuffers _buffers = new();
    private readonly PartsDigest _digest = new();
    private readonly List<Task<Landed>> _flying = [];
    private readonly List<SentPart> _landed = [];
    private readonly Lock _counting = new();
    private long _acknowledged;
    private Exception? _failure;

    /// <returns>What the service should now have.</returns>
    public async Task<PartsTotal> RunAsync(CancellationToken ct)
    {
        // Without a head, this is simply the first part. With one, the end of the part holds the beginning of the body.
        var (heldCount, bodyBytes) = _plan.UnderHead(what.Head?.LengthBytes ?? 0);
        var size = _plan.SizeOf(heldCount);
        var held = new ArraySegment<byte>(_buffers.Rent(size), 0, size);
        var read = await ReadAsync(what.Body, held[(size - bodyBytes)..], ct);
        held = held[..(size - bodyBytes + read)];
        var isWhole = read < bodyBytes;
        var isSmall = isWhole && heldCount == 1;
        if (!isSmall)
            await sink.BeginAsync(_plan, ct);
        try
        {
            return isSmall ? await PutWholeAsync(held, ct) : await PutPartsAsync(isWhole ? Stream.Null : what.Body,
                heldCount, held, ct);
        }
        catch
        {
            await TryAbortAsync();
            throw;
        }
    }

    // If the source ignores the token, it is left reading into a buffer that is not used again.
    private static async Task<int> ReadAsync(Stream body, ArraySegment<byte> into, CancellationToken ct) =>
        await body.ReadAtLeastAsync(into, into.Count, throwOnEndOfStream: false, ct).AsTask().WaitAsync(ct);

    private async Task<PartsTotal> PutWholeAsync(ArraySegment<byte> content, CancellationToken ct)
    {
        what.Head?.Ask().CopyTo(content);
        var part = new Part(1, content, PartsDigest.Of(content));
        _digest.Add(1, part.Md5);
        await sink.PutWholeAsync(part, _plan, ct);
        Acknowledge(content.Count);
        return new(content.Count, _digest.ToText(isWhole: true));
    }

    private async Task<PartsTotal> PutPartsAsync(
        Stream body, int heldCount, ArraySegment<byte> held, CancellationToken ct)
    {
        await SendPartsAsync(body, heldCount, held, ct);
        var total = new PartsTotal(_acknowledged, _digest.ToText(isWhole: false));
        await sink.CompleteAsync([.. _landed.OrderBy(part => part.Number)], total, ct);
        return total;
    }

#pragma warning disable CA2025 // The parts use 'stop', and the finally waits for all of them before it is disposed.
    private async Task SendPartsAsync(Stream body, int heldCount, ArraySegment<byte> held, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            if (what.Head is null)
                Launch(heldCount, held, stop);
            await SendBodyAsync(heldCount + 1, body, stop);
            if (what.Head is not null)
                await SendHeadAsync(what.Head.Ask(), heldCount, held, stop);
            while (_flying.Count > 0)
                await LandOneAsync();
        }
        catch (OperationCanceledException) when (_failure is not null && !ct.IsCancellationRequested)
        {
            // A failed part stopped the reading, so its fault is the cause.
            ExceptionDispatchInfo.Throw(_failure);
            throw;
        }
        finally
        {
            // A part that arrives after the abort would remain and cost money.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(_flying)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
#pragma warning restore CA2025

    private async Task SendBodyAsync(int firstNumber, Stream body, CancellationTokenSource stop)
    {
        for (var number = firstNumber; ; number++)
        {
            var part = await RoomForAsync(number);
            var read = await ReadAsync(body, part, stop.Token);
            if (read == 0)
                return;
            if (number > sink.PartsMax)
                throw new FaultException(StorageFaults.Full(store,
                    $"one object holds {sink.PartsMax} parts and no more"));
            Launch(number, part[..read], stop);
            if (read < part.Count)
                return;
        }
    }

    /// <param name="held">The last part that holds head bytes; its share of the body is already in place after
    /// them.</param>
    private async Task SendHeadAsync(
        ReadOnlyMemory<byte> content, int heldCount, ArraySegment<byte> held, CancellationTokenSource stop)
    {
        for (var number = 1; number < heldCount; number++)
        {
            var part = await RoomForAsync(number);
            content[..part.Count].CopyTo(part);
            content = content[part.Count..];
            Launch(number, part, stop);
        }

        content.CopyTo(held);
        Launch(heldCount, held, stop);
    }

    // A buffer for the next part, once few enough parts are in memory.
    private async Task<ArraySegment<byte>> RoomForAsync(int number)
    {
        while (_flying.Count >= _plan.InMemoryAt(number))
            await LandOneAsync();
        var size = _plan.SizeOf(number);
        return new ArraySegment<byte>(_buffers.Rent(size), 0, size);
    }

    private async Task LandOneAsync()
    {
        var done = await Task.WhenAny(_flying);
        _flying.Remove(done);
        var (sent, part) = await done;
        _landed.Add(sent);
        _digest.Add(part.Number, part.Md5);
        _buffers.Return(part.Content.Array!);
    }

    // On the thread pool: checksums and the signature's hash are computed before the first await, while the body must
    // be read on.
    private void Launch(int number, ArraySegment<byte> content, CancellationTokenSource stop) =>
        _flying.Add(Task.Run(() => SendPartAsync(number, content, stop), CancellationToken.None));

    private async Task<Landed> SendPartAsync(int number, ArraySegment<byte> content, CancellationTokenSource stop)
    {
        try
        {
            var part = new Part(number, content, PartsDigest.Of(content));
            var mark = await sink.SendAsync(part, stop.Token);
            Acknowledge(content.Count);
            return new(new SentPart(number, mark), part);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task TryAbortAsync()
    {
        using var limit = new CancellationTokenSource(AbortMax, clock);
        try
        {
            await sink.AbortAsync(limit.Token);
        }
        // The caller reports the first error; AbortUploadsAsync finds what is left.
        catch (FaultException e)
        {
            what.PartsLeft?.Invoke(e.Fault.Why);
        }
        catch (OperationCanceledException)
        {
            what.PartsLeft?.Invoke($"the store did not answer within {AbortMax.TotalSeconds:0} seconds");
        }
    }

    private void Acknowledge(int bytes)
    {
        // The lock keeps two parts that complete together from reporting out of order.
        lock (_counting)
        {
            _acknowledged += bytes;
            what.SentBytes?.Report(_acknowledged);
        }
    }

    private sealed record Landed(SentPart Sent, Part Part);
}
