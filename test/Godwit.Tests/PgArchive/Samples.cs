using System.Buffers;
using Godwit.PgArchive;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.PgArchive;

/// <summary>The archives of stock pg_dump that lie in the folder <c>archives</c>; <c>small.sql</c> says how they were
/// made.</summary>
internal static class Samples
{
    public const string Dump15 = "pg15";
    public const string Dump15Pipe = "pg15-uncompressed-pipe";
    public const string Dump17 = "pg17";
    public const string Dump17Uncompressed = "pg17-uncompressed";
    public const string Dump17Lz4 = "pg17-lz4";
    public const string Dump17Zstd = "pg17-zstd";

    public static IReadOnlyList<string> All { get; } = [Dump15, Dump15Pipe, Dump17, Dump17Uncompressed,
        Dump17Lz4, Dump17Zstd];

    public static byte[] Bytes(string name, string ending = ".dump") => File.ReadAllBytes(Path.Combine(Repository.Root,
        "test", "Godwit.Tests", "PgArchive", "archives", name + ending));

    /// <summary>What pg_dump 17 leaves behind the data when its output is redirected, taken off.</summary>
    public static byte[] WithoutSecondToc(string name) =>
        name == Dump17Uncompressed ? Bytes(name)[..SecondTocBegins] : Bytes(name);

    private const int SecondTocBegins = 15460;

    public static Task<ArchiveHead> HeadAsync(string name) => HeadAsync(Bytes(name));

    public static async Task<ArchiveHead> HeadAsync(byte[] archive, ArchiveLimits? limits = null)
    {
        using var stream = new MemoryStream(archive);
        return await ArchiveReader.ReadHeadAsync(stream, limits, TestContext.Current.CancellationToken);
    }

    public static byte[] Written(ArchiveHead head)
    {
        var to = new ArrayBufferWriter<byte>();
        ArchiveWriter.WriteHead(head, to);
        return to.WrittenSpan.ToArray();
    }
}
