using System.Text;
using Godwit.Dump.Parallel;
using Godwit.PgArchive;

namespace Godwit.Tests.Dump;

/// <summary>Workers that finish in any order, and the archive that is made of it.</summary>
public sealed class ArchiveBodyTests : IDisposable
{
    private static readonly TimeSpan HangMax = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _limit = new(HangMax);

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task The_archive_has_the_chunks_in_its_own_order_whoever_is_first()
    {
        var window = new ChunkWindow([Chunk(7, isFirst: true, isLast: false),
            Chunk(7, isFirst: false, isLast: true), Chunk(9)]);
        var claimed = new[] { await ClaimAsync(window), await ClaimAsync(window), await ClaimAsync(window) };
        Assert.Null(await window.ClaimAsync(_limit.Token));
        foreach (var (number, text) in new[] { (2, "third"), (1, "second"), (0, "first ") })
            await WriteAsync(window, claimed[number], text);
        var body = Body(window);
        Assert.Equal(
            [
                1, .. Int(7), .. Int(6), .. "first "u8, .. Int(6), .. "second"u8, .. Int(0),
                1, .. Int(9), .. Int(5), .. "third"u8, .. Int(0),
            ],
            await ReadAsync(body));
        Assert.Equal(new Dictionary<int, long> { [7] = 100, [9] = 133 }, body.Offsets);
    }

    [Fact]
    public async Task A_chunk_that_nobody_has_in_his_hands_ends_with_the_failure_of_another()
    {
        var window = new ChunkWindow([Chunk(1), Chunk(2)]);
        var (_, second) = (await ClaimAsync(window), await ClaimAsync(window));
        var reading = ReadAsync(Body(window));

        window.Fail(second, new IOException("locked"));

        Assert.Equal("locked", (await Assert.ThrowsAsync<IOException>(() => reading)).Message);
    }

    [Fact]
    public async Task A_chunk_behind_cannot_take_the_blocks_that_the_next_one_needs()
    {
        var window = new ChunkWindow([Chunk(1), Chunk(2)]);
        var (first, second) = (await ClaimAsync(window), await ClaimAsync(window));
        var far = new string('x', (ChunkWindow.BlocksMax + 10) * ChunkWindow.BlockBytes);
        var ahead = WriteAsync(window, second, far);
        Assert.False(ahead.IsCompleted);
        // Only now does the chunk that the archive waits for begin; it is itself larger than what is left.
        var near = new string('y', 50 * ChunkWindow.BlockBytes);
        var late = WriteAsync(window, first, near);
        Assert.Null(await window.ClaimAsync(_limit.Token));
        var read = await ReadAsync(Body(window));
        await Task.WhenAll(ahead, late);
        Assert.Equal(2 * (6 + 5 + 5) + near.Length + far.Length, read.Length);
    }

    [Fact]
    public async Task Workers_that_are_far_ahead_wait_for_the_archive_and_none_for_ever()
    {
        var window = new ChunkWindow(Enumerable.Range(1, 5 * ChunkWindow.OpenMax).Select(number => Chunk(number)));
        var first = await ClaimAsync(window);
        var left = new List<ChunkOutput>();
        for (var open = 1; open < ChunkWindow.OpenMax; open++)
            left.Add(await ClaimAsync(window));
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (await window.ClaimAsync(_limit.Token) is { } output)
                await WriteAsync(window, output, "");
        })).ToList();
        await Task.Delay(50, _limit.Token);
        Assert.DoesNotContain(workers, worker => worker.IsCompleted);

        var reading = ReadAsync(Body(window));
        await WriteAsync(window, first, "");
        await Task.WhenAll(left.AsEnumerable().Reverse().Select(output => WriteAsync(window, output, "")));
        await Task.WhenAll(workers);
        Assert.Equal(5 * ChunkWindow.OpenMax * (1 + 5 + 5), (await reading).Length);
    }

    /// <summary>The one session that can read what others had to leave would wait for blocks in the later chunk, and
    /// the archive for the earlier one.</summary>
    [Fact]
    public async Task Of_chunks_that_were_left_the_one_the_archive_stands_at_is_read_first()
    {
        var window = new ChunkWindow([Chunk(1), Chunk(2), Chunk(3)]);
        var (first, second, third) = (await ClaimAsync(window), await ClaimAsync(window), await ClaimAsync(window));
        var full = new string('z', (ChunkWindow.BlocksMax + 10) * ChunkWindow.BlockBytes);
        var ahead = WriteAsync(window, third, full);
        window.Leave(second);
        var reading = ReadLeftAsync(window, full);
        window.Leave(first);
        window.EndLeaving();
        Assert.Null(await window.ClaimAsync(_limit.Token));

        var read = await ReadAsync(Body(window));

        await Task.WhenAll(ahead, reading);
        Assert.Equal([first.Number, second.Number], await reading);
        Assert.True(read.Length > 3 * full.Length);
    }

    [Fact]
    public async Task Whoever_waits_for_a_left_chunk_can_be_stopped_and_ends_where_none_will_come()
    {
        var window = new ChunkWindow([Chunk(1), Chunk(2)]);
        var (_, second) = (await ClaimAsync(window), await ClaimAsync(window));
        window.Leave(second);
        using var stop = new CancellationTokenSource();
        var waiting = window.NextLeftAsync(stop.Token);
        Assert.False(waiting.IsCompleted);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        window.Advance();
        Assert.Same(second, await window.NextLeftAsync(_limit.Token));
        window.EndLeaving();
        Assert.Null(await window.NextLeftAsync(_limit.Token));
    }

    [Fact]
    public async Task A_worker_that_waits_for_room_can_be_stopped()
    {
        var window = new ChunkWindow(Enumerable.Range(1, ChunkWindow.OpenMax + 1).Select(number => Chunk(number)));
        for (var open = 0; open < ChunkWindow.OpenMax; open++)
            await ClaimAsync(window);
        using var stop = new CancellationTokenSource();
        var waiting = window.ClaimAsync(stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task What_a_worker_failed_of_is_what_the_reader_meets_even_if_others_were_only_stopped()
    {
        var window = new ChunkWindow([Chunk(1), Chunk(2)]);
        var (first, second) = (await ClaimAsync(window), await ClaimAsync(window));
        window.Fail(second, new InvalidOperationException("the cause"));
        window.Fail(first, new OperationCanceledException());
        var met = await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(Body(window)));
        Assert.Equal("the cause", met.Message);
    }

    private static byte[] Int(int value)
    {
        var bytes = new byte[DataFraming.IntBytes];
        DataFraming.WriteInt(bytes, value);
        return bytes;
    }

    private static TableChunk Chunk(int dumpId, bool isFirst = true, bool isLast = true) => new(
        new TocEntry
        {
            DumpId = dumpId, HasData = true, Tag = ArchiveText.Of("t"), Description = ArchiveText.Of("TABLE DATA"),
            Section = ArchiveSection.Data,
        },
        "public.t", 1, "COPY t TO STDOUT")
    { IsFirst = isFirst, IsLast = isLast };

    private static ArchiveBody Body(ChunkWindow window) => new(
        window, new DataCompression(ArchiveCompression.None, 0), start: 100, before: default,
        _ => ValueTask.CompletedTask, () => ValueTask.CompletedTask);

    private async Task<ChunkOutput> ClaimAsync(ChunkWindow window) => (await window.ClaimAsync(_limit.Token))!;

    private async Task WriteAsync(ChunkWindow window, ChunkOutput output, string text)
    {
        var writer = new ChunkWriter(window, output, _limit.Token);
        await writer.PieceAsync(Encoding.UTF8.GetBytes(text));
        writer.Complete(PartSum.Empty);
    }

    private async Task<IReadOnlyList<long>> ReadLeftAsync(ChunkWindow window, string text)
    {
        var read = new List<long>();
        while (await window.NextLeftAsync(_limit.Token) is { } output)
        {
            read.Add(output.Number);
            await WriteAsync(window, output, text);
        }

        return read;
    }

    private async Task<byte[]> ReadAsync(ArchiveBody body)
    {
        using var all = new MemoryStream();
        await body.CopyToAsync(all, 100_000, _limit.Token);
        return all.ToArray();
    }
}
