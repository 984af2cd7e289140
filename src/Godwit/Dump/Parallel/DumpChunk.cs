using Godwit.PgArchive;

namespace Godwit.Dump.Parallel;

/// <summary>What one worker reads at a time: a small table, a range of a large one's pages, or some large objects. The
/// chunks of an entry follow each other in the archive.</summary>
/// <param name="Toc">The entry it belongs to.</param>
/// <param name="Title">Whose data it is, for people.</param>
/// <param name="SourceBytes">What it takes at the source, for the progress.</param>
internal abstract record DumpChunk(TocEntry Toc, string Title, long SourceBytes)
{
    /// <summary>Its entry's block begins with it.</summary>
    public bool IsFirst { get; init; } = true;

    /// <summary>Its entry's block ends with it.</summary>
    public bool IsLast { get; init; } = true;
}

/// <param name="Sql"><c>COPY … TO STDOUT</c>.</param>
internal sealed record TableChunk(TocEntry Toc, string Title, long SourceBytes, string Sql)
    : DumpChunk(Toc, Title, SourceBytes);

internal sealed record LargeObjectsChunk(TocEntry Toc, string Title, long SourceBytes, uint[] Oids)
    : DumpChunk(Toc, Title, SourceBytes);
