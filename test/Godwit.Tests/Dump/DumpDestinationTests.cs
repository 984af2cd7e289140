using Godwit.Dump;
using Godwit.Faults;

namespace Godwit.Tests.Dump;

public sealed class DumpDestinationTests
{
    [Theory]
    [InlineData("s3://bucket/shop.dump", "s3://bucket", "shop.dump")]
    [InlineData("s3://bucket/a/b c/shop.dump", "s3://bucket/a/b c", "shop.dump")]
    [InlineData("S3://bucket/shop.dump", "s3://bucket", "shop.dump")]
    [InlineData("s3+https://host:9000/bucket/shop.dump", "s3+https://host:9000/bucket", "shop.dump")]
    [InlineData("azblob://account/container/shop.dump", "azblob://account/container", "shop.dump")]
    [InlineData("spaces://bucket/a/shop.dump", "spaces://bucket/a", "shop.dump")]
    [InlineData("disk:/srv/dumps/shop.dump", "disk:/srv/dumps", "shop.dump")]
    [InlineData("disk:/shop.dump", "disk:/", "shop.dump")]
    public void An_address_is_a_store_and_the_name_behind_its_last_slash(string text, string store, string key)
    {
        var place = Assert.IsType<DumpDestination.InStore>(DumpDestination.Parse(text));
        Assert.Equal((store, key), (place.Store.ToString(), place.Key));
    }

    [Fact]
    public void A_disk_store_may_be_the_current_folder()
    {
        var place = Assert.IsType<DumpDestination.InStore>(DumpDestination.Parse("disk:shop.dump"));
        Assert.Equal(("disk:" + Directory.GetCurrentDirectory(), "shop.dump"), (place.Store.ToString(), place.Key));
    }

    [Fact]
    public void A_folder_is_no_place_in_a_disk_store_either_though_it_may_be_read_from_there()
    {
        var place = Assert.IsType<DumpDestination.InStore>(DumpDestination.Parse("disk:/tmp"));
        Assert.Equal("dump.not_a_file", Assert.Throws<FaultException>(place.RequireNoFolder).Fault.Code);
        var free = Assert.IsType<DumpDestination.InStore>(DumpDestination.Parse("disk:/tmp/there-is-no-such-folder/x"));
        Assert.Same(free, free.RequireNoFolder());
    }

    [Theory]
    [InlineData("/srv/dumps/shop.dump", "/srv/dumps/shop.dump")]
    [InlineData("/srv/../tmp/shop.dump", "/tmp/shop.dump")]
    [InlineData("/srv/10:15.dump", "/srv/10:15.dump")]
    [InlineData("/dev/shm/shop.dump", "/dev/shm/shop.dump")]
    public void Anything_else_is_the_path_of_a_file(string text, string path) =>
        Assert.Equal(path, Assert.IsType<DumpDestination.InFile>(DumpDestination.Parse(text)).Path);

    [Fact]
    public void A_relative_path_is_of_the_current_folder_and_a_lone_dash_is_standard_output()
    {
        Assert.Equal(Path.GetFullPath("shop.dump"),
            Assert.IsType<DumpDestination.InFile>(DumpDestination.Parse("shop.dump")).Path);
        Assert.Equal(Path.GetFullPath("a:b"),
            Assert.IsType<DumpDestination.InFile>(DumpDestination.Parse("./a:b")).Path);
        Assert.IsType<DumpDestination.Pipe>(DumpDestination.Parse("-"));
    }

    [Theory]
    [InlineData("s3://bucket", "dump.no_name")]
    [InlineData("s3+https://host/bucket", "dump.no_name")]
    [InlineData("linode://bucket/", "dump.no_name")]
    [InlineData("azblob://account/container", "dump.no_name")]
    [InlineData("s3://bucket/", "dump.no_name")]
    [InlineData("s3://bucket/dumps/", "dump.no_name")]
    [InlineData("disk:", "storage.address_malformed")]
    [InlineData("disk:/srv/", "dump.no_name")]
    [InlineData("", "dump.no_name")]
    [InlineData("gs://Bucket/shop.dump", "storage.address_malformed")]
    [InlineData("heroku:my-app", "dump.no_place")]
    [InlineData("postgres://user:password@host/db", "dump.no_place")]
    [InlineData("s3://AKIA:key@bucket/shop.dump", "storage.address_secret")]
    [InlineData("s3://AKIA:key@bucket", "storage.address_secret")]
    [InlineData("/tmp", "dump.not_a_file")]
    [InlineData("/tmp/there-is-no-such-folder/", "dump.not_a_file")]
    [InlineData("/dev/null", "dump.not_a_file")]
    [InlineData("/dev/shm/../null", "dump.not_a_file")]
    [InlineData("/proc/self/fd/1", "dump.not_a_file")]
    public void What_is_no_place_for_a_dump_is_refused_without_repeating_a_secret(string text, string code)
    {
        var fault = Assert.Throws<FaultException>(() => DumpDestination.Parse(text)).Fault;
        Assert.Equal((code, FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.DoesNotContain("key@", fault.What + fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("password@", fault.What + fault.Why, StringComparison.Ordinal);
    }
}
