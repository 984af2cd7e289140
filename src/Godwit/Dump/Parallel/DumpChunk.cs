using Godwit.PgArchive;

namespace Godwit.Dump.Parallel;

/// <summary>A worker's unit: a small table, a range of a large table's pages, or some large objects. An entry's chunks
/// are consecutive in the archive.</summary>
/// <param name="Title">The table's name, or the range of OIDs, for messages.</param>
/// <param name="SourceBytes">Size at the source, for the progress.</param>
internal abstract record DumpChunk(TocEntry Toc, string Title, long SourceBytes)
{
    /// <summary>Of the entry.</summary>
    public bool IsFirst { get; init; } = true;

    /// <summary>Of the entry.</summary>
    public bool IsLast { get; init; } = true;
}

/// <param name="Sql"><c>COPY … TO STDOUT</c>.</param>
internal sealed record TableChunk(TocEntry Toc, string Title, long SourceBytes, string Sql)
    : DumpChunk(Toc, Title, SourceBytes);

internal sealed record LargeObjectsChunk(TocEntry Toc, string Title, long SourceBytes, uint[] Oids)
    : DumpChunk(Toc, Title, SourceBytes);
