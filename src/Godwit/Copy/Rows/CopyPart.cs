using Godwit.Copy.Definitions;
using Godwit.PgArchive;

namespace Godwit.Copy.Rows;

/// <summary>A unit that is brought to the target in one transaction.</summary>
/// <param name="Number">Among the parts of the entry, from 0.</param>
/// <param name="Title">For messages.</param>
/// <param name="SourceBytes">Size at its origin; 0: not known.</param>
internal abstract record CopyPart(TocEntry Entry, int Number, string Title, long SourceBytes)
{
    public WorkId Id => new(Entry.DumpId, Number);
}
