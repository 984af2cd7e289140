namespace Godwit.PgArchive;

/// <summary>Recognises files that people take for an archive, so that the error can say what to do.</summary>
internal static class Foreign
{
    // A tar file's mark is at byte 257.
    private const int LookBytes = 512;

    private static ReadOnlySpan<byte> Magic => "PGDMP"u8;

    private const string NeedCustom = "Only the custom format is read: dump again with pg_dump -Fc.";

    /// <summary>Checks the first bytes without taking them. Throws if the file is not an archive.</summary>
    public static async ValueTask RefuseAsync(ArchiveInput input, CancellationToken ct)
    {
        var have = await input.FillAsync(Magic.Length, ct);
        if (have == 0)
            throw ArchiveErrors.NotAnArchive("there is not a single byte in it",
                "The dump never began to write, or its copy failed: look there.");
        var start = Math.Min(have, Magic.Length);
        if (input.Buffered[..start].SequenceEqual(Magic[..start]))
            return;
        await input.FillAsync(LookBytes, ct);
        throw Named(input.Buffered[..Math.Min(input.Ahead, LookBytes)]);
    }

    private static ArchiveException Named(ReadOnlySpan<byte> first)
    {
        if (Compressor(first) is { } compressor)
            return ArchiveErrors.NotAnArchive($"it is a file compressed with {compressor}",
                "Decompress it first. An archive of pg_dump is compressed inside already.");
        if (first.Length > 262 && first[257..262].SequenceEqual("ustar"u8))
            return ArchiveErrors.NotAnArchive("it is a tar file",
                $"If it is a tar dump (pg_dump -Ft): {char.ToLowerInvariant(NeedCustom[0])}{NeedCustom[1..]}");
        if (first.StartsWith("--"u8) || first.StartsWith("SET "u8) || first.StartsWith("CREATE "u8)
            || first.StartsWith("\\"u8))
            return ArchiveErrors.NotAnArchive("it is a plain SQL script",
                $"psql runs it; pg_restore and Godwit do not. {NeedCustom}");
        if (first.StartsWith("<"u8))
            return ArchiveErrors.NotAnArchive("it is a web page or an XML answer",
                "Look into it: it is probably a store's error message in place of the file.");
        return ArchiveErrors.NotAnArchive(
            $"it begins with the bytes {Convert.ToHexString(first[..Math.Min(8, first.Length)])} and an archive with "
            + "5047444D50 (PGDMP)",
            $"Check that it is the file you meant. {NeedCustom}");
    }

    private static string? Compressor(ReadOnlySpan<byte> first) =>
        first.StartsWith<byte>([0x1F, 0x8B]) ? "gzip"
        : first.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) ? "zstd"
        : first.StartsWith<byte>([0x04, 0x22, 0x4D, 0x18]) ? "lz4"
        : first.StartsWith<byte>([0xFD, 0x37, 0x7A, 0x58, 0x5A]) ? "xz"
        : first.StartsWith("BZh"u8) ? "bzip2"
        : first.StartsWith<byte>([0x50, 0x4B, 0x03, 0x04]) ? "zip" : null;
}
