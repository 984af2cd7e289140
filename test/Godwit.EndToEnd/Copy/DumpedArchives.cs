using System.Buffers;
using Godwit.EndToEnd.Verify;
using Godwit.PgArchive;

namespace Godwit.EndToEnd.Copy;

/// <summary>Archives of a rig's source, whole ones and spoilt ones.</summary>
internal static class DumpedArchives
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<string> DumpAsync(VerifyRig rig, bool isKnownPlace = true)
    {
        var archive = rig.NewFile(Path.GetRandomFileName() + ".dump");
        (await rig.RunAsync(["dump", "--from", "env:SOURCE_URL", "--to", archive, "--json"])).Expect(0);
        if (isKnownPlace)
            return archive;
        // As it would be had it gone into a pipe.
        var head = new ArrayBufferWriter<byte>();
        ArchiveWriter.WriteHead((await HeadAsync(archive)).WithOffsets(new Dictionary<int, long>()), head);
        await using var file = File.OpenWrite(archive);
        await file.WriteAsync(head.WrittenMemory, Ct);
        return archive;
    }

    /// <summary>Turns a byte in the middle of a table's data over; a second time, it is what it was.</summary>
    public static async Task ChangeAsync(string archive, string table)
    {
        await using var file = File.Open(archive, FileMode.Open, FileAccess.ReadWrite);
        var reader = await ArchiveReader.OpenAsync(file, null, Ct);
        var blocks = new List<ArchiveBlock>();
        while (await reader.NextBlockAsync(Ct) is { } block)
            blocks.Add(block);
        var at = blocks.FindIndex(block => block.Entry.Is("TABLE DATA"u8) && $"{block.Entry.Tag}" == table);
        file.Position = (blocks[at].Offset + (at + 1 < blocks.Count ? blocks[at + 1].Offset : file.Length)) / 2;
        var value = (byte)file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0x10));
    }

    public static async Task<ArchiveHead> HeadAsync(string archive)
    {
        await using var file = File.OpenRead(archive);
        return await ArchiveReader.ReadHeadAsync(file, null, Ct);
    }
}
