using System.Collections.Concurrent;
using Godwit.Copy.Archive.Binary;
using Godwit.Copy.Rows;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Copy.Archive;

/// <summary>An archive's data. If the blocks' offsets are known, each worker reads its own block; else one worker reads
/// on after the table of contents.</summary>
/// <param name="divided">Tables whose block several workers read.</param>
/// <param name="binary">Tables sent in binary, with their columns.</param>
internal sealed class ArchiveRows(
    OpenedArchive archive, IReadOnlyDictionary<int, TableParts> divided,
    IReadOnlyDictionary<int, IReadOnlyList<FieldKind>> binary) : IRowSource
{
    // One piece of a large object.
    private const int PieceBytes = 256 * 1024;

    public Task<IReadOnlyList<IRowReader>> OpenAsync(IReadOnlyList<CopyPart> left, int wanted, CancellationToken ct)
    {
        if (archive.Places is not { } places)
            return Task.FromResult<IReadOnlyList<IRowReader>>([new Forwards(archive, left)]);
        var queue = new ConcurrentQueue<CopyPart>(left);
        var shared = new ConcurrentDictionary<int, SharedBlock>();
        return Task.FromResult<IReadOnlyList<IRowReader>>([.. Enumerable.Range(0, wanted)
            .Select(_ => new Leaping(archive, places, queue, divided, binary, shared))]);
    }

    private static async Task EachPieceAsync(
        string name, ArchiveBlock block, Func<LargeObjectPiece, Task> take, CancellationToken ct)
    {
        var buffer = new byte[PieceBytes];
        while (await RestoreErrors.GuardAsync(name, () => block.NextAsync(ct)) is { } data)
        {
            var (at, told) = (0L, 0L);
            int filled;
            do
            {
                filled = 0;
                for (int read; filled < buffer.Length && (read = await RestoreErrors.GuardAsync(name,
                    () => data.Content.ReadAsync(buffer.AsMemory(filled), ct).AsTask())) > 0;)
                    filled += read;
                // An empty object needs one empty piece.
                if (filled > 0 || at == 0)
                    await take(new(data.LargeObject, at, buffer[..filled], data.CompressedBytes - told));
                (at, told) = (at + filled, data.CompressedBytes);
            }
            while (filled == buffer.Length);
        }
    }

    private sealed class Leaping(
        OpenedArchive archive, IReadOnlyDictionary<int, ArchivePiece> places, ConcurrentQueue<CopyPart> queue,
        IReadOnlyDictionary<int, TableParts> divided, IReadOnlyDictionary<int, IReadOnlyList<FieldKind>> binary,
        ConcurrentDictionary<int, SharedBlock> shared) : IRowReader
    {
        public Task<CopyPart?> NextAsync(CancellationToken ct) =>
            Task.FromResult(queue.TryDequeue(out var part) ? part : null);

        public async Task<RowContent> OpenAsync(RowPart part, CancellationToken ct)
        {
            var lines = divided.ContainsKey(part.Entry.DumpId)
                ? shared.GetOrAdd(part.Entry.DumpId, _ => new SharedBlock(token => OpenBlockAsync(part, token)))
                    .Join(part.Number)
                : await OpenBlockAsync(part, ct);
            return part.IsBinary ? new BinaryRows(lines, binary[part.Entry.DumpId]) : lines;
        }

        public bool CanReadAgain(RowPart part) =>
            !shared.TryGetValue(part.Entry.DumpId, out var block) || block.CanRepeat(part.Number);

        private async Task<RowContent> OpenBlockAsync(RowPart part, CancellationToken ct)
        {
            var (stream, block) = await BlockAsync(part, ct);
            try
            {
                return new ArchiveContent(archive.Name,
                    await RestoreErrors.GuardAsync(archive.Name, async () => (await block.NextAsync(ct))!), stream);
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }

        public async Task ReadAsync(LargeObjectPart part, Func<LargeObjectPiece, Task> take, CancellationToken ct)
        {
            var (stream, block) = await BlockAsync(part, ct);
            await using (stream)
                await EachPieceAsync(archive.Name, block, take, ct);
        }

        private async Task<(Stream Stream, ArchiveBlock Block)> BlockAsync(CopyPart part, CancellationToken ct)
        {
            var place = places[part.Entry.DumpId];
            var stream = await archive.Place.OpenPieceAsync(place.Offset, place.Length, ct);
            try
            {
                var block = await RestoreErrors.GuardAsync(archive.Name,
                    () => archive.Reader.At(stream, place.Offset).NextBlockAsync(ct));
                return block?.Entry.DumpId == part.Entry.DumpId ? (stream, block) : throw new FaultException(
                    RestoreFaults.Damaged(archive.Name, RestoreErrors.Promised($"{part.Entry}")));
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }
    }

    private sealed class Forwards(OpenedArchive archive, IReadOnlyList<CopyPart> left) : IRowReader
    {
        private readonly Dictionary<int, CopyPart> _left = left.ToDictionary(part => part.Entry.DumpId);
        private ArchiveBlock? _block;

        public async Task<CopyPart?> NextAsync(CancellationToken ct)
        {
            while (await RestoreErrors.GuardAsync(archive.Name, () => archive.Reader.NextBlockAsync(ct)) is { } block)
            {
                _block = block;
                if (_left.Remove(block.Entry.DumpId, out var part))
                    return part;
            }

            return _left.Count == 0 ? null : throw new FaultException(RestoreFaults.Damaged(archive.Name,
                RestoreErrors.Promised(Phrase.List([.. _left.Values.Select(part => part.Title)]))));
        }

        /// <summary>The stream cannot go back.</summary>
        public bool CanReadAgain(RowPart part) => false;

        public async Task<RowContent> OpenAsync(RowPart part, CancellationToken ct) =>
            new ArchiveContent(archive.Name,
                await RestoreErrors.GuardAsync(archive.Name, async () => (await _block!.NextAsync(ct))!), stream: null);

        public Task ReadAsync(LargeObjectPart part, Func<LargeObjectPiece, Task> take, CancellationToken ct) =>
            EachPieceAsync(archive.Name, _block!, take, ct);
    }
}
