using System.Buffers;

namespace Godwit.PgArchive;

/// <summary>The second table of contents that pg_dump 16 and newer write after the data when their output is redirected
/// to a file. These versions set standard output to append mode, so seeking back to fill in the offsets has no effect.
/// The second table has the offsets, and otherwise equals the first.</summary>
internal static class SecondToc
{
    /// <summary>Reads the second table if exactly that follows up to the end. False: the bytes do not begin like it;
    /// none was read.</summary>
    /// <exception cref="ArchiveException">The bytes begin like the table but differ.</exception>
    public static async ValueTask<bool> TakeAsync(
        ArchiveInput input, ArchiveHead head, Dictionary<int, long> places, CancellationToken ct)
    {
        if (places.Count != head.Entries.Count(entry => entry.HasData)
            || input.DecodeInteger(input.Buffered) != head.Entries.Length)
            return false;
        input.Inside = () => "the second table of contents, behind the data";
        await input.IntegerAsync(ct);
        var expected = new ArrayBufferWriter<byte>();
        foreach (var entry in head.WithOffsets(places).Entries)
        {
            expected.ResetWrittenCount();
            ArchiveWriter.WriteEntry(entry, head.Header.Version, expected);
            await CompareAsync(input, expected.WrittenMemory, ct);
        }

        return await input.FillAsync(1, ct) == 0 ? true : throw Strange(input);
    }

    private static async ValueTask CompareAsync(ArchiveInput input, ReadOnlyMemory<byte> expected, CancellationToken ct)
    {
        while (!expected.IsEmpty)
        {
            await input.RequireAsync(1, ct);
            var count = Math.Min(expected.Length, input.Ahead);
            if (!input.Buffered[..count].SequenceEqual(expected.Span[..count]))
                throw Strange(input);
            input.Take(count);
            expected = expected[count..];
        }
    }

    private static ArchiveException Strange(ArchiveInput input) =>
        ArchiveErrors.Corrupted(input.Position, input.Inside(), "something else stands than in the first");
}
