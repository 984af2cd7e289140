using System.Buffers;

namespace Godwit.PgArchive;

/// <summary>The table of contents that pg_dump 16 and newer leave behind the data when their output was redirected to a
/// file.</summary>
/// <remarks>They switch standard output to appending, so that going back to the first table of contents to fill in the
/// offsets has no effect. The second one has them, and is the first in everything else.</remarks>
internal static class SecondToc
{
    /// <summary>Takes it off <paramref name="input"/>, if that is what stands there up to the end.</summary>
    /// <returns>False when it is something else; then an unknown part of it has been taken only if it began like
    /// one.</returns>
    /// <exception cref="ArchiveException">It began like one and is none.</exception>
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
