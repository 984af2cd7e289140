using System.Net;
using System.Runtime.Versioning;
using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public sealed class DiskStoreTests : ObjectStoreContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "godwit-disk-" + Path.GetRandomFileName());

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_and_folders_are_readable_by_their_owner_alone()
    {
        await PutAsync("sub/a", "x");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(_folder, "sub/a")));
        foreach (var folder in new[] { _folder, Path.Combine(_folder, "sub") })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(folder));
    }

    [Fact]
    public async Task An_upload_under_way_is_not_taken_for_one_a_killed_process_left()
    {
        await using var content = new PatternStream(2 * 1024 * 1024)
        {
            StopAt = 1024 * 1024,
            AtStop = async ct => Assert.Equal(0, await Store.AbortUploadsAsync("k", ct)),
        };

        await Store.PutAsync("k", new ObjectUpload(content), Ct);

        Assert.Equal(2 * 1024 * 1024, (await Store.FindAsync("k", Ct))?.SizeBytes);
    }

    [Fact]
    public async Task The_checks_do_not_even_create_the_folder()
    {
        await Store.CheckAsync(Ct);
        await Store.CheckWritableAsync(Ct);

        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_folder_that_was_made_for_an_object_goes_when_the_object_does_not_come()
    {
        await using var content = new PatternStream(2 * 1024 * 1024)
        {
            StopAt = 1024 * 1024, AtStop = _ => throw new InvalidDataException("pg_dump died"),
        };

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync("sub/k", new ObjectUpload(content), Ct));

        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_file_where_the_folder_should_be_is_a_fault_before_anything_is_moved()
    {
        await File.WriteAllTextAsync(_folder, "a file", Ct);
        try
        {
            var thrown = await Assert.ThrowsAsync<FaultException>(() => Store.CheckAsync(Ct));
            Assert.Equal("storage.disk_unusable", thrown.Fault.Code);
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Fact]
    public async Task A_link_begins_with_the_address_others_reach_us_by()
    {
        await using var store = Open(new DiskOptions { PublicUrl = "https://tunnel.example.com/godwit/" });

        var link = await store.SignAsync("a b", TimeSpan.FromMinutes(1), Ct);

        Assert.StartsWith("https://tunnel.example.com/godwit/objects/a%20b?expires=", link.Url.Reveal(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_a_fault()
    {
        await using var store = Open(new DiskOptions { Listen = "192.0.2.1:0" });

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.SignAsync("k", TimeSpan.FromMinutes(1), Ct));

        Assert.Equal("storage.link_host_not_started", thrown.Fault.Code);
    }

    [Fact]
    public async Task Links_of_another_process_are_refused()
    {
        await PutAsync("k", "x");
        await using var other = Open(new DiskOptions());
        var mine = new Uri((await Store.SignAsync("k", TimeSpan.FromMinutes(1), Ct)).Url.Reveal());
        var theirs = new Uri((await other.SignAsync("k", TimeSpan.FromMinutes(1), Ct)).Url.Reveal());

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new Uri(mine, theirs.PathAndQuery).AbsoluteUri));
    }

    [Fact]
    public async Task Whoever_has_no_link_learns_nothing()
    {
        await PutAsync("there", "x");
        var link = new Uri((await Store.SignAsync("there", TimeSpan.FromMinutes(1), Ct)).Url.Reveal());

        foreach (var path in
            new[] { "/", "/objects", "/objects/there", "/objects/not-there", "/there", "/objects/../there" })
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new Uri(link, path).AbsoluteUri));
        using var head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, link), Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
    }

    protected override bool KeepsChecksums => false;

    protected override Task<IObjectStore> OpenStoreAsync() => Task.FromResult(Open(new DiskOptions()));

    protected override Task RemoveStoreAsync()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    protected override async Task LeaveUploadBehindAsync(string key)
    {
        // The file of an upload under way, kept under a second name while the upload is broken off, is what kill
        // -9 leaves.
        var parts = Path.Combine(_folder, ".godwit-parts");
        await using var content = new PatternStream(2 * 1024 * 1024)
        {
            StopAt = 1024 * 1024,
            AtStop = async ct =>
            {
                var part = Directory.GetFiles(parts).Single(f => !f.EndsWith("-kept", StringComparison.Ordinal));
                await File.WriteAllTextAsync(part + "-kept", "half of it", ct);
                throw new InvalidDataException("killed");
            },
        };
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync(key, new ObjectUpload(content), Ct));
    }

    private IObjectStore Open(DiskOptions options) => ObjectStores.Open(
        new StoreAddress.Disk(_folder), new StoreOptions { Disk = options }, new LinkHost(), TimeProvider.System);
}

/// <summary>Its bodies.</summary>
public sealed class DiskStoreBodyTests : ObjectStoreBodyContract
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "godwit-disk-" + Path.GetRandomFileName());

    protected override bool KeepsChecksums => false;

    protected override Task<IObjectStore> OpenStoreAsync() => Task.FromResult(ObjectStores.Open(
        new StoreAddress.Disk(_folder), new StoreOptions(), new LinkHost(), TimeProvider.System));

    protected override Task RemoveStoreAsync()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
