using System.Text;
using Godwit.Copy.Archive;
using Godwit.Copy.Rows;

namespace Godwit.Tests.Copy;

/// <summary>One block, several workers: every line goes to one of them, whole and once.</summary>
public sealed class SharedBlockTests
{
    private const int BufferBytes = 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 30)]
    [InlineData(4, 30)]
    [InlineData(3, 900)]
    // Longer than a buffer, twenty times.
    [InlineData(3, 20_000)]
    public async Task Each_line_is_brought_by_one_worker_whole(int workers, int lineBytes)
    {
        var lines = Enumerable.Range(0, 500)
            .Select(number => $"{number}\t{new string('x', number * 7919 % lineBytes)}\n").ToList();
        var text = new Text(string.Concat(lines));
        var block = new SharedBlock(_ => Task.FromResult<RowContent>(text));

        var brought = await Task.WhenAll(Enumerable.Range(0, workers)
            .Select(number => Task.Run(() => ReadAsync(block.Join(number)), Ct)));

        Assert.Equal(lines, brought.SelectMany(one => one.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line + "\n").OrderBy(Number));
        Assert.All(brought, one => Assert.Equal(one.Text.Count(c => c == '\n'), one.Rows));
        Assert.True(text.IsDisposed);
        // Who comes late has nothing to do.
        Assert.Equal(("", 0), await ReadAsync(block.Join(workers)));
    }

    [Fact]
    public async Task A_last_line_without_an_end_is_brought_too()
    {
        var block = new SharedBlock(_ => Task.FromResult<RowContent>(new Text("1\n2\n3")));

        Assert.Equal(("1\n2\n3", 2), await ReadAsync(block.Join(0)));
    }

    [Fact]
    public async Task Who_breaks_off_within_a_long_line_has_its_end_when_it_comes_again()
    {
        var block = new SharedBlock(_ => Task.FromResult<RowContent>(new Text(new string('x', 5000) + "\n2\n")));
        var other = block.Join(1);
        await using (var first = block.Join(0))
            Assert.True(await first.ReadAsync(new byte[BufferBytes], Ct) > 0);
        var waiting = Task.Run(() => ReadAsync(other), Ct);

        var again = await ReadAsync(block.Join(0));

        Assert.StartsWith(new string('x', 5000) + "\n", again.Text, StringComparison.Ordinal);
        Assert.Equal("2\n", again.Text[5001..] + (await waiting).Text);
    }

    [Fact]
    public async Task Others_wait_for_the_end_of_a_line_until_they_are_stopped()
    {
        var block = new SharedBlock(_ => Task.FromResult<RowContent>(new Text(new string('x', 5000) + "\n2\n")));
        await using var other = block.Join(1);
        await using (var first = block.Join(0))
            Assert.True(await first.ReadAsync(new byte[BufferBytes], Ct) > 0);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = other.ReadAsync(new byte[BufferBytes], stop.Token).AsTask();
        Assert.False(waiting.IsCompleted);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(3, 900)]
    [InlineData(3, 20_000)]
    public async Task Who_breaks_off_anywhere_and_comes_again_begins_with_the_lines_it_had(int workers, int lineBytes)
    {
        var lines = Enumerable.Range(0, 500)
            .Select(number => $"{number}\t{new string('x', number * 7919 % lineBytes)}\n").ToList();
        var block = new SharedBlock(_ => Task.FromResult<RowContent>(new Text(string.Concat(lines))));

        var brought = await Task.WhenAll(Enumerable.Range(0, workers).Select(number => Task.Run(async () =>
        {
            var had = await ReadAsync(block.Join(number), readsMax: 5 * (number + 1));
            var all = await ReadAsync(block.Join(number));
            Assert.StartsWith(had.Text, all.Text, StringComparison.Ordinal);
            return all;
        }, Ct)));

        Assert.Equal(lines, brought.SelectMany(one => one.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line + "\n").OrderBy(Number));
        Assert.All(brought, one => Assert.Equal(one.Text.Count(c => c == '\n'), one.Rows));
    }

    private static async Task<(string Text, long? Rows)> ReadAsync(RowContent share, int readsMax = int.MaxValue)
    {
        await using (share)
        {
            var (text, buffer) = (new StringBuilder(), new byte[BufferBytes]);
            for (int read; readsMax-- > 0 && (read = await share.ReadAsync(buffer, Ct)) > 0;)
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            return ($"{text}", share.Rows);
        }
    }

    private static int Number(string line) =>
        int.Parse(line.AsSpan(0, line.IndexOf('\t', StringComparison.Ordinal)), provider: null);

    private sealed class Text(string text) : RowContent
    {
        private int _at;

        public bool IsDisposed { get; private set; }

        public override long SourceBytes => _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            await Task.Yield();
            var count = Math.Min(buffer.Length, text.Length - _at);
            Encoding.ASCII.GetBytes(text.AsSpan(_at, count), buffer.Span);
            _at += count;
            return count;
        }

        public override ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
