using Godwit.Faults;
using Godwit.Storage.Disk;

namespace Godwit.Tests.Storage;

public sealed class DiskErrorsTests
{
    [Fact]
    public async Task A_disk_without_room_is_a_full_store()
    {
        // Linux keeps a device that answers every write as a full disk does.
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write,
            FileShare.Write, bufferSize: 0);

        var thrown = await Assert.ThrowsAsync<FaultException>(
            () => DiskErrors.GuardAsync("disk:/dumps",
                () => full.WriteAsync(new byte[10], TestContext.Current.CancellationToken)));

        Assert.Equal("storage.full", thrown.Fault.Code);
        Assert.Contains("disk:/dumps", thrown.Message, StringComparison.Ordinal);
    }
}
