using System.Buffers.Binary;
using System.Text;
using Godwit.Copy.Archive.Binary;
using Godwit.Copy.Rows;

namespace Godwit.Tests.Copy;

/// <summary>Lines become rows of COPY's binary format, whatever pieces they come and go in; from the first strange one
/// on they stay what they are.</summary>
public sealed class BinaryRowsTests
{
    private const int Strange = -1;

    private static readonly IReadOnlyList<FieldKind> Columns = [FieldKind.Int4, FieldKind.Text];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData(1 << 20, 300)]
    [InlineData(7, 300)]
    [InlineData(5000, 5000)]
    public async Task Every_line_is_a_row_in_its_order(int pieceBytes, int bufferBytes)
    {
        var lines = Enumerable.Range(0, 20_000)
            .Select(number => $"{number}\t{(number % 9 == 0 ? "\\N" : new string('x', number % 101))}\n").ToList();

        var (rows, text, counted) = await ReadAsync(string.Concat(lines), pieceBytes, bufferBytes);

        Assert.Equal(lines, rows);
        Assert.Equal("", text);
        Assert.Equal(lines.Count, counted);
    }

    [Theory]
    [InlineData("3\ta\\x41\n")]
    [InlineData("3\ta\rb\n")]
    [InlineData("three\ta\n")]
    [InlineData("3\n")]
    [InlineData("3\ta\tb\n")]
    [InlineData("3\ta\\\n")]
    // The end of all rows, for a server.
    [InlineData("\\.\n")]
    [InlineData("3\twithout an end")]
    public async Task From_the_first_strange_line_on_all_stay_text(string strange)
    {
        var behind = strange.EndsWith('\n') ? strange
            + string.Concat(Enumerable.Range(0, 50_000).Select(number => $"{number}\tb\n")) : strange;

        var (rows, text, _) = await ReadAsync("1\ta\n2\tb\n" + behind, 5000, 5000);

        Assert.Equal(["1\ta\n", "2\tb\n"], rows);
        Assert.Equal(behind, text);
    }

    [Fact]
    public async Task A_line_too_long_to_be_held_stays_text()
    {
        var behind = $"2\t{new string('x', 1 << 20)}\n3\tc\n";

        var (rows, text, counted) = await ReadAsync("1\ta\n" + behind, 70_000, 1 << 18);

        Assert.Equal(["1\ta\n"], rows);
        Assert.Equal(behind, text);
        Assert.Equal(3, counted);
    }

    [Fact]
    public async Task Without_a_line_there_is_no_row()
    {
        var (rows, text, counted) = await ReadAsync("", 100, 100);

        Assert.Empty(rows);
        Assert.Equal(("", 0L), (text, counted));
    }

    [Theory]
    [InlineData(FieldKind.Int2, "32768")]
    [InlineData(FieldKind.Int4, "-2147483649")]
    [InlineData(FieldKind.Int8, "9223372036854775808")]
    [InlineData(FieldKind.Int8, "")]
    [InlineData(FieldKind.Int8, "-")]
    [InlineData(FieldKind.Int8, " 1")]
    [InlineData(FieldKind.Int8, "0x10")]
    [InlineData(FieldKind.Oid, "4294967296")]
    [InlineData(FieldKind.Float4, "1e39")]
    [InlineData(FieldKind.Float4, "1e-46")]
    [InlineData(FieldKind.Float8, "1e400")]
    [InlineData(FieldKind.Float8, "1e-400")]
    [InlineData(FieldKind.Float8, "NaN")]
    [InlineData(FieldKind.Float8, "Infinity")]
    [InlineData(FieldKind.Float8, "1,5")]
    [InlineData(FieldKind.Float8, "")]
    [InlineData(FieldKind.Numeric, "NaN")]
    [InlineData(FieldKind.Numeric, "1e3")]
    [InlineData(FieldKind.Numeric, ".5")]
    [InlineData(FieldKind.Numeric, "5.")]
    [InlineData(FieldKind.Numeric, "1.2.3")]
    [InlineData(FieldKind.Numeric, "-")]
    [InlineData(FieldKind.Bool, "true")]
    [InlineData(FieldKind.Bytea, @"\\x0")]
    [InlineData(FieldKind.Bytea, @"\\xzz")]
    [InlineData(FieldKind.Bytea, @"a\\000b")]
    [InlineData(FieldKind.Bytea, "")]
    [InlineData(FieldKind.Uuid, "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}")]
    [InlineData(FieldKind.Uuid, "a0eebc999c0b-4ef8-bb6d-6bb9bd380a11-")]
    [InlineData(FieldKind.Uuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g")]
    [InlineData(FieldKind.Date, "+infinity")]
    [InlineData(FieldKind.Date, "0044-03-15 BC")]
    [InlineData(FieldKind.Date, "12026-01-01")]
    [InlineData(FieldKind.Date, "2026-02-29")]
    [InlineData(FieldKind.Date, "2026-13-01")]
    [InlineData(FieldKind.Date, "22.11.2026")]
    [InlineData(FieldKind.Timestamp, "2026-11-22 24:00:00")]
    [InlineData(FieldKind.Timestamp, "2026-11-22 23:59:60")]
    [InlineData(FieldKind.Timestamp, "2026-11-22 10:00:00.1234567")]
    [InlineData(FieldKind.Timestamp, "2026-11-22 10:00:00.")]
    [InlineData(FieldKind.Timestamp, "2026-11-22 10:00:00+00")]
    [InlineData(FieldKind.Timestamp, "0001-01-01 00:00:00 BC")]
    [InlineData(FieldKind.Timestamp, "2026-11-22T10:00:00")]
    [InlineData(FieldKind.TimestampTz, "2026-11-22 10:00:00")]
    [InlineData(FieldKind.TimestampTz, "2026-11-22 10:00:00 CET")]
    [InlineData(FieldKind.TimestampTz, "2026-11-22 10:00:00+1")]
    [InlineData(FieldKind.TimestampTz, "2026-11-22 10:00:00+16")]
    [InlineData(FieldKind.TimestampTz, "2026-11-22 10:00:00+01 BC")]
    public void A_value_that_no_dump_has_or_few_is_left_to_the_server(object kind, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(Strange, TextField.Write((FieldKind)kind, bytes, new byte[bytes.Length + TextField.RoomBeside]));
    }

    /// <returns>The rows, as lines again; what goes on as text; and how many lines were read.</returns>
    private static async Task<(IReadOnlyList<string> Rows, string Text, long? Counted)> ReadAsync(
        string lines, int pieceBytes, int bufferBytes)
    {
        await using var rows = new BinaryRows(new Pieces(lines, pieceBytes), Columns);
        var binary = await AllAsync(rows, bufferBytes);
        var text = rows.GoesOnAsText() ? await AllAsync(rows, bufferBytes) : [];
        Assert.False(rows.GoesOnAsText());
        return (Lines(binary), Encoding.ASCII.GetString(text), rows.Rows);
    }

    private static async Task<byte[]> AllAsync(RowContent rows, int bufferBytes)
    {
        var (all, buffer) = (new MemoryStream(), new byte[bufferBytes]);
        for (int read; (read = await rows.ReadAsync(buffer, Ct)) > 0;)
            await all.WriteAsync(buffer.AsMemory(0, read), Ct);
        return all.ToArray();
    }

    private static List<string> Lines(ReadOnlySpan<byte> binary)
    {
        Assert.True(binary.StartsWith(RowBytes.Start));
        Assert.True(binary.EndsWith(RowBytes.End));
        binary = binary[RowBytes.Start.Length..^RowBytes.End.Length];
        var lines = new List<string>();
        while (binary.Length > 0)
        {
            Assert.Equal(Columns.Count, BinaryPrimitives.ReadInt16BigEndian(binary));
            Assert.Equal(sizeof(int), BinaryPrimitives.ReadInt32BigEndian(binary[2..]));
            var length = BinaryPrimitives.ReadInt32BigEndian(binary[10..]);
            var text = length < 0 ? "\\N" : Encoding.ASCII.GetString(binary.Slice(14, length));
            lines.Add($"{BinaryPrimitives.ReadInt32BigEndian(binary[6..])}\t{text}\n");
            binary = binary[(14 + Math.Max(0, length))..];
        }

        return lines;
    }

    private sealed class Pieces(string text, int pieceBytes) : RowContent
    {
        private int _at;
        private long _rows;

        public override long SourceBytes => _at;

        public override long? Rows => _rows;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var count = Math.Min(pieceBytes, Math.Min(buffer.Length, text.Length - _at));
            Encoding.ASCII.GetBytes(text.AsSpan(_at, count), buffer.Span);
            _rows += text.AsSpan(_at, count).Count('\n');
            _at += count;
            return ValueTask.FromResult(count);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
