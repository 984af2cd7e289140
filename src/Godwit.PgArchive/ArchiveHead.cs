using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>The header and the table of contents: an archive without its data.</summary>
public sealed record ArchiveHead
{
    /// <summary>The header.</summary>
    public required ArchiveHeader Header { get; init; }

    /// <summary>In the archive's order, which is the order of a restore.</summary>
    public required ImmutableArray<TocEntry> Entries { get; init; }

    /// <summary>Bytes of header and table of contents as read, so the offset of the first data block; 0 if it was not
    /// read.</summary>
    public long LengthBytes { get; init; }

    /// <summary>The same head with data offsets, so that pg_restore can seek to the blocks.</summary>
    /// <param name="offsets">By <see cref="TocEntry.DumpId"/>, in bytes from the start of the archive. Other entries
    /// with data become <see cref="DataState.NotSet"/>.</param>
    public ArchiveHead WithOffsets(IReadOnlyDictionary<int, long> offsets) => this with
    {
        Entries = [.. Entries.Select(entry => !entry.HasData ? entry : offsets.TryGetValue(entry.DumpId, out var offset)
            ? entry with { DataState = DataState.Set, DataOffset = offset }
            : entry with { DataState = DataState.NotSet, DataOffset = 0 })],
    };
}
