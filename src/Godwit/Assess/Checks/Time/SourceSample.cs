using System.Globalization;
using System.IO.Compression;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Time;

/// <summary>How fast the source is read and how well it compresses.</summary>
/// <param name="ReadBytesPerSecond">COPY text, on one connection.</param>
/// <param name="PackBytesPerSecond">COPY text, on one core.</param>
/// <param name="CopyRatio">Bytes of COPY text per byte of table.</param>
/// <param name="ArchiveRatio">Compressed bytes per byte of table.</param>
internal sealed record SourceSample(
    double ReadBytesPerSecond, double PackBytesPerSecond, double CopyRatio, double ArchiveRatio)
{
    // For reading and compressing: the user waits.
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(2);

    // A table's first piece: small, because the line's speed is unknown.
    private const long FirstBytes = 256 * 1024;
    private const long PieceBytesMax = 8 * 1024 * 1024;
    private const double PieceSeconds = 0.4;

    // The largest tables hold most of the data, and their rows differ.
    private const int TablesMax = 4;
    private const int PiecesMax = 12;
    private const int BufferBytes = 256 * 1024;

    // Of a piece: with fewer, TABLESAMPLE may return none.
    private const int PagesMin = 16;

    private const string Chosen = """
        SELECT name::pg_catalog.regclass::pg_catalog.oid,
               greatest(1, pg_catalog.pg_relation_size(name::pg_catalog.regclass) /
                   pg_catalog.current_setting('block_size')::bigint)
        FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS named(name, number) ORDER BY number
        """;

    // Nothing is converted, so no text can fail.
    private const string OwnEncoding =
        "SELECT pg_catalog.set_config('client_encoding', pg_catalog.current_setting('server_encoding'), false)";

    // In that session's encoding.
    private const string Names = """
        SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY($1)
        """;

    /// <param name="level">Of compression; 0: none.</param>
    /// <returns>Null: nothing or too little to read, or behind a pooler, where settings would stay.</returns>
    public static async Task<SourceSample?> TakeAsync(AssessWorld world, int level, CancellationToken ct)
    {
        if (world.Source.IsPooled)
            return null;
        var tables = (await world.TablesAsync(ct))
            .Where(table => table is { Readable: true, Bytes: > 0 }).Take(TablesMax).ToList();
        if (tables.Count == 0)
            return null;
        var chosen = await world.Source.RowsAsync(Chosen,
            row => (Oid: row.GetFieldValue<uint>(0), Pages: row.GetInt64(1)), ct,
            (object)tables.Select(table => table.Name).ToArray());
        await using var session = await PostgresSession.OpenForBulkAsync(world.Source.Address, ct);
        if (session.IsPooled)
            return null;
        await AssessWorld.LimitAsync(session, ct);
        await session.ExecuteAsync(OwnEncoding, ct);
        var names = (await session.RowsAsync(Names, row => (Oid: row.GetFieldValue<uint>(0), Name: row.GetString(1)),
            ct, (object)chosen.Select(one => one.Oid).ToArray()))
            .ToDictionary(one => one.Oid, one => one.Name);
        using var limit = new TimeLimit(Max, world.Parts.Clock, ct);
        var taking = new Taking(session, level, world.Parts.Clock);
        try
        {
            await taking.RunAsync(
                [.. tables.Zip(chosen).Where(one => names.ContainsKey(one.Second.Oid))
                    .Select(one => (one.First with { Name = names[one.Second.Oid] }, one.Second.Pages))],
                limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is over: what was read so far gives the speed.
        }

        return taking.ToSample();
    }

    private sealed class Taking(PostgresSession session, int level, TimeProvider clock)
    {
        private readonly byte[] _buffer = new byte[BufferBytes];
        private readonly Dictionary<TableFacts, (double Table, double Copy, double Archive)> _whole = [];
        private long _copyBytes;
        private TimeSpan _reading;
        private TimeSpan _packing;

        public async Task RunAsync(IReadOnlyList<(TableFacts Table, long Pages)> tables, CancellationToken ct)
        {
            var started = clock.GetTimestamp();
            var wanted = FirstBytes;
            var left = new Queue<(TableFacts Table, long Pages)>(tables);
            for (var piece = 0; piece < PiecesMax && left.TryDequeue(out var next); piece++)
            {
                var share = Math.Clamp(Math.Max((double)wanted / next.Table.Bytes, (double)PagesMin / next.Pages), 0,
                    1);
                await TakeAsync(next.Table, share, ct);
                var elapsed = clock.GetElapsedTime(started);
                if (elapsed > Max * 0.8)
                    return;
                if (share < 1)
                    left.Enqueue(next);
                wanted = (long)Math.Clamp(_copyBytes / Math.Max(elapsed.TotalSeconds, 1e-3) * PieceSeconds,
                    FirstBytes, PieceBytesMax);
            }
        }

        public SourceSample? ToSample()
        {
            var (table, copy, archive) = (_whole.Sum(one => one.Key.Bytes),
                _whole.Sum(one => one.Key.Bytes * one.Value.Copy / one.Value.Table),
                _whole.Sum(one => one.Key.Bytes * one.Value.Archive / one.Value.Table));
            if (_copyBytes == 0 || _reading <= TimeSpan.Zero)
                return null;
            // Without a complete first piece, rows are assumed to be as large as their table and not to compress.
            return new(_copyBytes / _reading.TotalSeconds, _copyBytes / Math.Max(_packing.TotalSeconds, 1e-9),
                table > 0 ? copy / table : 1, table > 0 ? archive / table : 1);
        }

        // Random pages of the whole table: its beginning is often its oldest, least typical part.
        private async Task TakeAsync(TableFacts table, double share, CancellationToken ct)
        {
            var drawn = share >= 1
                ? "" : $" TABLESAMPLE SYSTEM ({(share * 100).ToString("0.######", CultureInfo.InvariantCulture)})";
            var (copy, archive) = await ReadAsync($"COPY (SELECT * FROM ONLY {table.Name}{drawn}) TO STDOUT", ct);
            var (tables, copies, archives) = _whole.GetValueOrDefault(table);
            _whole[table] = (tables + (share * table.Bytes), copies + copy, archives + archive);
        }

        private async Task<(long Copy, long Archive)> ReadAsync(string sql, CancellationToken ct)
        {
            var started = clock.GetTimestamp();
            await using var output = await session.CopyOutAsync(sql, isBinary: false, ct);
            var archive = new CountingStream();
            await using var packer = level == 0 ? (Stream)archive : new ZLibStream(archive,
                new ZLibCompressionOptions { CompressionLevel = level });
            var copy = 0L;
            while (await output.ReadAsync(_buffer, ct) is var read and > 0)
            {
                _reading += clock.GetElapsedTime(started);
                (copy, _copyBytes) = (copy + read, _copyBytes + read);
                started = clock.GetTimestamp();
                Pack(packer, _buffer.AsSpan(0, read));
                _packing += clock.GetElapsedTime(started);
                started = clock.GetTimestamp();
            }

            _reading += clock.GetElapsedTime(started);
            Finish(packer);
            return (copy, archive.Bytes);
        }

        // Uses only the processor: not asynchronous.
        private static void Pack(Stream packer, ReadOnlySpan<byte> bytes) => packer.Write(bytes);

        private static void Finish(Stream packer) => packer.Flush();
    }

    private sealed class CountingStream : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Bytes;

        public override long Position { get => Bytes; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Bytes += buffer.Length;
    }
}
