namespace Godwit.PgArchive;

/// <summary>The wording of every <see cref="ArchiveException"/>.</summary>
internal static class ArchiveErrors
{
    private const string What = "Cannot read the archive";

    // PostgreSQL's names have at most 63 bytes; function signatures are longer.
    private const int ShownBytesMax = 200;

    private const string MakeAgain =
        "Make the dump again, or fetch the file again from where it was made, and compare the sizes.";

    public static ArchiveException NotAnArchive(string why, string remedy) =>
        new(ArchiveProblem.NotAnArchive, 0, What, why, remedy);

    public static ArchiveException Truncated(long end, string inside) => new(ArchiveProblem.Truncated, end, What,
        $"it ends in the middle of {inside}", $"The dump or its copy was cut short. {MakeAgain}");

    public static ArchiveException Corrupted(long offset, string inside, string why, Exception? cause = null) => new(
        ArchiveProblem.Corrupted, offset, What,
        $"in {inside}, {why}",
        $"The file was damaged after it was written, or is not what its first bytes say. {MakeAgain}", cause);

    public static ArchiveException VersionTooOld(ArchiveVersion found) => new(ArchiveProblem.Unsupported, 5, What,
        $"its format has version {found}, and the oldest supported is {ArchiveVersion.PgDump12}",
        "It was made by a pg_dump older than 12. Dump again with pg_dump 12 or newer, which reads older servers too.");

    public static ArchiveException VersionTooNew(ArchiveVersion found) => new(ArchiveProblem.Unsupported, 5, What,
        $"its format has version {found}, and the newest supported is {ArchiveVersion.PgDump17}",
        "It was made by a pg_dump newer than this program. "
        + "Use a newer version of this program, or the pg_restore that came with that pg_dump.");

    public static ArchiveException Format(int format) => new(ArchiveProblem.Unsupported, 10, What,
        format switch
        {
            // pg_dump -Fd writes tar's format number too, so that its folder can become a tar dump.
            3 => "it is the table of contents of a directory or tar dump (pg_dump -Fd, -Ft), "
                + "whose data lies in other files",
            5 => "it is the table of contents of a directory dump (pg_dump -Fd), whose data lies in other files",
            _ => $"its format has the number {format}, and the custom format has 1",
        },
        "Only the custom format is read: dump again with pg_dump -Fc.");

    public static ArchiveException Sizes(int integerBytes, int offsetBytes) => new(ArchiveProblem.Unsupported, 8, What,
        $"its integers have {integerBytes} and its offsets {offsetBytes} bytes, "
        + "but every current platform writes 4 and 8",
        "Dump again with a current pg_dump, or check whether the file was damaged.");

    public static ArchiveException Compression(int algorithm) => new(ArchiveProblem.Unsupported, 11, What,
        $"its compression algorithm has the number {algorithm}, which is unknown",
        "Use a newer version of this program, or check whether the file was damaged.");

    public static ArchiveException TooMuch(
        long offset, string inside, string what, long found, long max, string limit) => new(
            ArchiveProblem.LimitExceeded, offset, What,
            $"in {inside}, {what} is {found:N0}, and the limit is {max:N0}",
            "Either the file was damaged, or it is larger than this program allows: "
            + $"the limit is {nameof(ArchiveLimits)}.{limit}.");

    public static string Name(ArchiveCompression compression) => compression switch
    {
        ArchiveCompression.None => "none",
        ArchiveCompression.Gzip => "gzip",
        ArchiveCompression.Lz4 => "lz4",
        ArchiveCompression.Zstd => "zstd",
        _ => $"algorithm {(int)compression}",
    };

    /// <summary>For a sentence: one line, without control characters, shortened.</summary>
    public static string Named(TocEntry entry)
    {
        var parts = entry.Namespace is { } space
            ? new[] { entry.Description, space, entry.Tag } : [entry.Description, entry.Tag];
        return string.Concat(string.Join(' ', parts.Select(part => Short(part)))
            .Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static string Short(ArchiveText text) =>
        text.Length <= ShownBytesMax ? text.ToString() : $"{ArchiveText.Of(text.Bytes[..ShownBytesMax])}…";
}
