// Upload: one object of so many bytes from memory into a store, through the port a dump goes through, and nothing else
// of Godwit.
using System.Globalization;
using Godwit.Bench.Upload;
using Godwit.Faults;
using Godwit.Storage;

if (args is not [var address, var key, var bytesText]
    || !long.TryParse(bytesText, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
{
    await Console.Error.WriteLineAsync(
        "usage: Godwit.Bench.Upload ADDRESS KEY BYTES   (keys and endpoint from the environment, as for godwit)");
    return 2;
}

try
{
    await using var links = new NoLinks();
#pragma warning disable RS0030 // It measures real time.
    await using var store = ObjectStores.Open(
        StoreAddress.Parse(address), StoreOptions.FromEnvironment(Environment.GetEnvironmentVariable), links,
        TimeProvider.System);
#pragma warning restore RS0030
    await using var body = new MemoryBody(bytes);
    var stored = await store.PutAsync(key, new ObjectUpload(body) { ExpectedBytes = bytes }, CancellationToken.None);
    Console.WriteLine($"{stored.SizeBytes} {stored.Checksum}");
    return 0;
}
catch (FaultException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
