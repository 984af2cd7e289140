using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>Everything of an archive but its data: the header and the table of contents.</summary>
public sealed record ArchiveHead
{
    /// <summary>What the archive says of itself.</summary>
    public required ArchiveHeader Header { get; init; }

    /// <summary>The table of contents, in the archive's order, which is the order of a restore.</summary>
    public required ImmutableArray<TocEntry> Entries { get; init; }

    /// <summary>Length of header and table of contents as they were read, in bytes; 0 when they were not. The first
    /// data block began there.</summary>
    public long LengthBytes { get; init; }

    /// <summary>The same head, with the places of the data blocks written into it, so that pg_restore can seek to
    /// them.</summary>
    /// <param name="offsets">Per <see cref="TocEntry.DumpId"/>, in bytes from the start of the archive. An entry with
    /// data that is not among them has its state put to <see cref="DataState.NotSet"/>.</param>
    public ArchiveHead WithOffsets(IReadOnlyDictionary<int, long> offsets) => this with
    {
        Entries = [.. Entries.Select(entry => !entry.HasData ? entry : offsets.TryGetValue(entry.DumpId, out var offset)
            ? entry with { DataState = DataState.Set, DataOffset = offset }
            : entry with { DataState = DataState.NotSet, DataOffset = 0 })],
    };
}
