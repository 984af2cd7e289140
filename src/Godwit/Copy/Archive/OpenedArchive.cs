using System.Security.Cryptography;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Copy.Archive;

/// <summary>An archive whose table of contents was read.</summary>
/// <param name="Reader">Positioned after the table of contents.</param>
/// <param name="Encoding">Of all texts and rows.</param>
/// <param name="Places">Offset and length of each block; null: the archive can only be read forwards.</param>
internal sealed record OpenedArchive(
    IArchivePlace Place, ArchiveReader Reader, string Encoding, IReadOnlyDictionary<int, ArchivePiece>? Places)
{
    // More than any encoding's name needs.
    private const int EncodingLengthMax = 40;

    public string Name => Place.Name;

    public ArchiveHead Head => Reader.Head;

    /// <exception cref="FaultException">The archive cannot be restored, or is visibly incomplete.</exception>
    public static Task<OpenedArchive> OpenAsync(IArchivePlace place, CancellationToken ct) =>
        RestoreErrors.OpeningAsync(place, () => ReadAsync(place, ct));

    private static async Task<OpenedArchive> ReadAsync(IArchivePlace place, CancellationToken ct)
    {
        var reader = await ArchiveReader.OpenAsync(place.Content, null, ct);
        var head = reader.Head;
        return new(place, reader, EncodingOf(head), await PlacesAsync(place, reader, ct));
    }

    /// <summary>Distinguishes archives with the same definitions.</summary>
    public string Mark =>
        Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{Head.Header.CreatedAt} "
            + $"{Head.Header.Database} {Head.Header.ServerVersion} {Head.Header.DumpVersion} {Head.Entries.Length}")));

    private static string EncodingOf(ArchiveHead head)
    {
        var said = $"{head.Entries.FirstOrDefault(entry => entry.Is("ENCODING"u8))?.Definition}".Split('\'');
        return said.Length == 3 && said[1].Length <= EncodingLengthMax
            && said[1].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? said[1]
            : throw RestoreErrors.Unsupported("it does not say in which encoding its texts are",
                "Restore it with pg_restore.");
    }

    private static async Task<IReadOnlyDictionary<int, ArchivePiece>?> PlacesAsync(
        IArchivePlace place, ArchiveReader reader, CancellationToken ct)
    {
        if (!place.HasPieces || place.SizeBytes is not { } size)
            return null;
        var data = reader.Head.Entries.Where(entry => entry.HasData).ToList();
        var offsets = data.Where(entry => entry.DataState == DataState.Set)
            .ToDictionary(entry => entry.DumpId, entry => entry.DataOffset);
        if (offsets.Count < data.Count)
        {
            // pg_dump wrote it into a pipe. Over a network it would have to be read twice.
            if (!place.IsLocal)
                return null;
            offsets = await FindAsync(reader, ct);
        }

        var missing = data.Where(entry => !offsets.TryGetValue(entry.DumpId, out var at) || at < reader.Head.LengthBytes
            || at >= size).Select(entry => $"{entry}").ToList();
        if (missing.Count > 0)
            throw RestoreErrors.BlocksMissing(Phrase.List(missing), size);
        long[] ends = [.. offsets.Values.Order(), size];
        return offsets.ToDictionary(one => one.Key,
            one => new ArchivePiece(one.Value, ends[Array.BinarySearch(ends, one.Value) + 1] - one.Value));
    }

    private static async Task<Dictionary<int, long>> FindAsync(ArchiveReader reader, CancellationToken ct)
    {
        var found = new Dictionary<int, long>();
        while (await reader.NextBlockAsync(ct) is { } block)
            found.Add(block.Entry.DumpId, block.Offset);
        return found;
    }
}

/// <summary>From the start of a block to the start of the next.</summary>
internal sealed record ArchivePiece(long Offset, long Length);
