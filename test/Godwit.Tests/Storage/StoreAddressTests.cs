using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

public sealed class StoreAddressTests
{
    [Theory]
    [InlineData("s3://bucket", "bucket", "")]
    [InlineData("s3://bucket/", "bucket", "")]
    [InlineData("S3://my.old_Bucket/a/b/", "my.old_Bucket", "a/b")]
    public void A_bucket_and_its_prefix_are_read(string text, string bucket, string prefix) =>
        Assert.Equal(new StoreAddress.S3(bucket, prefix), StoreAddress.Parse(text));

    [Theory]
    [InlineData("s3://bucket/a", "Amazon S3")]
    [InlineData("linode://bucket/a", "Linode Object Storage")]
    [InlineData("Vultr://bucket/a", "Vultr Object Storage")]
    [InlineData("spaces://bucket/a", "DigitalOcean Spaces")]
    [InlineData("upcloud://bucket/a", "UpCloud Managed Object Storage")]
    public void Each_service_has_an_address_of_its_own(string text, string title)
    {
        var address = Assert.IsType<StoreAddress.S3>(StoreAddress.Parse(text));

        Assert.Equal(("bucket", "a", title), (address.Bucket, address.Prefix, address.Service.Title));
        Assert.Equal(text, address.ToString(), ignoreCase: true);
        Assert.Equal(address, StoreAddress.Parse(address.ToString()));
        Assert.True(StoreAddress.IsOne(text));
    }

    [Theory]
    [InlineData("s3+https://minio.example.com/bucket", "https://minio.example.com", "bucket", "")]
    [InlineData("s3+https://minio.example.com:9000/bucket/a/b/", "https://minio.example.com:9000", "bucket", "a/b")]
    [InlineData("s3+http://127.0.0.1:9000/bucket", "http://127.0.0.1:9000", "bucket", "")]
    [InlineData("s3+http://localhost/bucket", "http://localhost", "bucket", "")]
    [InlineData("s3+http://[::1]:9000/bucket/a", "http://[::1]:9000", "bucket", "a")]
    public void Any_other_service_is_named_by_its_host(string text, string endpoint, string bucket, string prefix)
    {
        var address = Assert.IsType<StoreAddress.S3>(StoreAddress.Parse(text));

        Assert.Equal((endpoint, bucket, prefix), (address.Endpoint, address.Bucket, address.Prefix));
        Assert.Equal(text.TrimEnd('/'), address.ToString());
    }

    [Fact]
    public void Without_TLS_the_database_goes_to_this_machine_or_nowhere()
    {
        var fault = FaultOf("s3+http://minio.lan:9000/bucket/a");

        Assert.Equal("storage.plain_http", fault.Code);
        Assert.Contains("`ssh -N -L 9000:127.0.0.1:9000 minio.lan`", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("azblob://contoso/dumps", "contoso", "dumps", "")]
    [InlineData("AZBLOB://contoso7/my-dumps/a/b/", "contoso7", "my-dumps", "a/b")]
    public void A_container_its_account_and_its_prefix_are_read(
        string text, string account, string container, string prefix) =>
        Assert.Equal(new StoreAddress.AzureBlob(account, container, prefix), StoreAddress.Parse(text));

    [Theory]
    [InlineData("azblob://contoso", "it names no container")]
    [InlineData("azblob://contoso.blob.core.windows.net/dumps", "without .blob.core.windows.net")]
    [InlineData("azblob://Contoso/dumps", "lower-case letters and digits")]
    [InlineData("azblob://co/dumps", "3 to 24")]
    [InlineData("azblob://contoso/Dumps", "a container's name")]
    [InlineData("azblob://contoso/$web", "a container's name")]
    [InlineData("azblob://contoso/a--b", "a container's name")]
    [InlineData("azblob://contoso/dumps?sv=2021-12-02&sig=abc", "a container's name")]
    public void A_container_that_cannot_be_is_malformed(string text, string why)
    {
        var fault = FaultOf(text);

        Assert.Equal("storage.azure_address_malformed", fault.Code);
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=abc", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disk:/var/dumps/", "/var/dumps")]
    [InlineData("disk:/var/../tmp/with space", "/tmp/with space")]
    public void A_folder_is_read_as_an_absolute_path(string text, string folder) =>
        Assert.Equal(new StoreAddress.Disk(folder), StoreAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("dumps")]
    [InlineData("disk:")]
    [InlineData("s3://")]
    [InlineData("s3:///key")]
    [InlineData("s3://a b c/key")]
    [InlineData("s3:/bucket")]
    [InlineData("linode://")]
    [InlineData("s3+https://host")]
    [InlineData("s3+https://host/")]
    [InlineData("s3+https:///bucket")]
    [InlineData("s3+https://ho st/bucket")]
    [InlineData("s3+https://host?x=1/bucket")]
    [InlineData("s3+https://host/b")]
    public void Anything_else_is_malformed(string text) =>
        Assert.Equal("storage.address_malformed", FaultOf(text).Code);

    [Fact]
    public void A_prefix_that_is_no_key_is_refused() =>
        Assert.Equal("storage.bad_key", FaultOf("s3://bucket/a/../b").Code);

    [Fact]
    public void Keys_written_into_the_address_are_refused_and_not_repeated()
    {
        var fault = FaultOf("s3://AKIAIOSFODNN7:hunter2secret@bucket/x");

        Assert.Equal("storage.address_secret", fault.Code);
        Assert.DoesNotContain("hunter2secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal("storage.address_secret", FaultOf("s3+https://AKIAIOSFODNN7:hunter2secret@host/bucket").Code);
        Assert.DoesNotContain("hunter2secret", FaultOf("ftp://u:hunter2secret@bucket/x").ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_the_options_are_told_together_by_flag()
    {
        var options = new StoreOptions
        {
            S3 = new S3Options { Endpoint = "https://user:pw@host", Region = "eu west" },
            Disk = new DiskOptions { Listen = "everywhere", PublicUrl = "ftp://x" },
        };

        Assert.Equal(["--s3-endpoint", "--s3-region", "--disk-listen", "--disk-public-url"],
            options.Problems().Select(p => p.Option));
        Assert.Empty(new StoreOptions().Problems());
    }

    private static Fault FaultOf(string text) => Assert.Throws<FaultException>(() => StoreAddress.Parse(text)).Fault;
}
