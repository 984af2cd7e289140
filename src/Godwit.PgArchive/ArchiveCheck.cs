using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>Tells whether pg_restore will find everything in an archive. Checks the file, not the database: every block
/// must be at its place, complete and undamaged. Only gzip has a checksum: with another compression, or none, a changed
/// byte inside the data may go unnoticed.</summary>
public static class ArchiveCheck
{
    /// <summary>Further problems are not reported.</summary>
    public const int ProblemsMax = 100;

    private const int BufferBytes = 64 * 1024;

    // Progress is reported at least this often within a large table.
    private const long ReportEveryBytes = 8 << 20;

    // After the last row pg_dump writes COPY's end mark and two empty lines.
    private static ReadOnlySpan<byte> CopyEnd => "\\.\n\n\n"u8;

    /// <summary>Reads <paramref name="source"/> to its end.</summary>
    /// <param name="source">The archive begins at its current position. It need not be seekable.</param>
    /// <param name="limits">Null for <see cref="ArchiveLimits.Default"/>.</param>
    /// <param name="progress">Called on the reading thread. Null: none.</param>
    /// <exception cref="ArchiveException">The header or the table of contents cannot be read. Later problems are in the
    /// report.</exception>
    public static async Task<ArchiveReport> RunAsync(
        Stream source, ArchiveLimits? limits, IProgress<ArchiveProgress>? progress, CancellationToken ct)
    {
        var reader = await ArchiveReader.OpenAsync(source, limits, ct);
        return await new Check(reader, progress).RunAsync(ct);
    }

    private sealed class Check(ArchiveReader reader, IProgress<ArchiveProgress>? progress)
    {
        private readonly ImmutableArray<ArchiveException>.Builder _problems =
            ImmutableArray.CreateBuilder<ArchiveException>();
        private readonly HashSet<int> _missing = [.. reader.Head.Entries.Where(entry => entry.HasData)
            .Select(entry => entry.DumpId)];
        private readonly byte[] _buffer = new byte[BufferBytes];
        private readonly byte[] _tail = new byte[CopyEnd.Length];
        private ArchiveReport _report = new() { Head = reader.Head };
        private long _reported;

        public async Task<ArchiveReport> RunAsync(CancellationToken ct)
        {
            CompareMarks();
            try
            {
                while (await reader.NextBlockAsync(ct) is { } block)
                {
                    Found(block);
                    while (await block.NextAsync(ct) is { } data)
                        await ReadAsync(block, data, ct);
                    Report(always: true);
                }

                CompareBlocks();
            }
            catch (ArchiveException error)
            {
                // The start of the next block is unknown.
                Note(error);
            }

            return _report with
            {
                Problems = _problems.ToImmutable(),
                LengthBytes = reader.Position,
                HasSecondToc = reader.HasSecondToc,
            };
        }

        private void CompareMarks()
        {
            foreach (var entry in reader.Head.Entries.Where(entry =>
                entry.HasData == (entry.DataState == DataState.NoData)))
            {
                Note(ArchiveErrors.Corrupted(reader.Head.LengthBytes,
                    $"the table of contents, {ArchiveErrors.Named(entry)}",
                    entry.HasData
                        ? "data is announced and its offset says there is none"
                        : "there is no data and an offset for it"));
            }
        }

        private void Found(ArchiveBlock block)
        {
            _missing.Remove(block.Entry.DumpId);
            _report = _report with { EntriesWithData = _report.EntriesWithData + 1 };
            if (block.Entry.DataState == DataState.Set && block.Entry.DataOffset != block.Offset)
            {
                Note(ArchiveErrors.Corrupted(block.Offset, $"the data of {ArchiveErrors.Named(block.Entry)}",
                    $"the block begins here, and the table of contents says at byte {block.Entry.DataOffset}"));
            }
        }

        private void CompareBlocks()
        {
            if (_missing.Count == 0)
                return;
            var first = reader.Head.Entries.First(entry => _missing.Contains(entry.DumpId));
            var others = _missing.Count == 1 ? "" : $" and {_missing.Count - 1:N0} more";
            Note(ArchiveErrors.Truncated(reader.Position,
                $"the data: there is none of {ArchiveErrors.Named(first)}{others}"));
        }

        private async Task ReadAsync(ArchiveBlock block, ArchiveData data, CancellationToken ct)
        {
            long lines = 0;
            try
            {
                while (await data.Content.ReadAsync(_buffer, ct) is > 0 and var read)
                {
                    lines += _buffer.AsSpan(0, read).Count((byte)'\n');
                    KeepTail(_buffer.AsSpan(0, read));
                    Report(always: false);
                }
            }
            catch (ArchiveException error) when (error.Problem == ArchiveProblem.Corrupted)
            {
                // The decompressor failed. The pieces are usually intact, so later blocks can still be checked.
                Note(error);
            }

            finally
            {
                // Data that ends early is counted up to there.
                Count(block, data, lines);
            }
        }

        private void Count(ArchiveBlock block, ArchiveData data, long lines)
        {
            var isCopy = !block.HoldsLargeObjects && block.Entry.CopyStatement is { Length: > 0 };
            var hasEnd = data.UncompressedBytes >= _tail.Length && _tail.AsSpan().SequenceEqual(CopyEnd);
            _report = _report with
            {
                Rows = _report.Rows + (!isCopy ? 0 : hasEnd ? lines - 3 : lines),
                LargeObjects = _report.LargeObjects + (block.HoldsLargeObjects ? 1 : 0),
                CompressedBytes = _report.CompressedBytes + data.CompressedBytes,
                UncompressedBytes = _report.UncompressedBytes + data.UncompressedBytes,
            };
        }

        private void KeepTail(ReadOnlySpan<byte> read)
        {
            var fresh = Math.Min(read.Length, _tail.Length);
            _tail.AsSpan(fresh).CopyTo(_tail);
            read[^fresh..].CopyTo(_tail.AsSpan(_tail.Length - fresh));
        }

        private void Note(ArchiveException problem)
        {
            if (_problems.Count < ProblemsMax)
                _problems.Add(problem);
        }

        private void Report(bool always)
        {
            if (progress is null || (!always && reader.Position - _reported < ReportEveryBytes))
                return;
            _reported = reader.Position;
            progress.Report(new(reader.Position, _report.EntriesWithData, _missing.Count + _report.EntriesWithData));
        }
    }
}

/// <summary>Progress of reading an archive.</summary>
/// <param name="Bytes">From the start of the archive; never goes down.</param>
/// <param name="Blocks">Data blocks begun or done.</param>
/// <param name="BlocksTotal">Data blocks according to the table of contents.</param>
public sealed record ArchiveProgress(long Bytes, int Blocks, int BlocksTotal);

/// <summary>The result of <see cref="ArchiveCheck"/>.</summary>
public sealed record ArchiveReport
{
    /// <summary>The header and the table of contents.</summary>
    public required ArchiveHead Head { get; init; }

    /// <summary>All announced data is present and undamaged, and nothing else follows.</summary>
    public bool IsWhole => Problems.IsEmpty;

    /// <summary>In file order; at most <see cref="ArchiveCheck.ProblemsMax"/>.</summary>
    public ImmutableArray<ArchiveException> Problems { get; init; } = [];

    /// <summary>Bytes of the archive that were read.</summary>
    public long LengthBytes { get; init; }

    /// <summary>See <see cref="ArchiveReader.HasSecondToc"/>: harmless.</summary>
    public bool HasSecondToc { get; init; }

    /// <summary>Data blocks found: tables, and groups of large objects.</summary>
    public int EntriesWithData { get; init; }

    /// <summary>Lines of COPY. Tables dumped as INSERT are not counted.</summary>
    public long Rows { get; init; }

    /// <summary>Large objects found.</summary>
    public long LargeObjects { get; init; }

    /// <summary>Bytes of all data as stored.</summary>
    public long CompressedBytes { get; init; }

    /// <summary>Bytes of all data, decompressed.</summary>
    public long UncompressedBytes { get; init; }
}
