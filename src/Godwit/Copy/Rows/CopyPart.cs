using Godwit.Copy.Definitions;
using Godwit.PgArchive;

namespace Godwit.Copy.Rows;

/// <summary>What is brought to the target in one go, in one transaction.</summary>
/// <param name="Entry">Whose data it is.</param>
/// <param name="Number">From 0, of the parts of the entry.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="SourceBytes">What it takes where it comes from; 0 where nobody knows.</param>
internal abstract record CopyPart(TocEntry Entry, int Number, string Title, long SourceBytes)
{
    public WorkId Id => new(Entry.DumpId, Number);
}
