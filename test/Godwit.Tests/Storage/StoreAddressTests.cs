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
    [InlineData("disk:/var/dumps/", "/var/dumps")]
    [InlineData("disk:/var/../tmp/with space", "/tmp/with space")]
    public void A_folder_is_read_as_an_absolute_path(string text, string folder) =>
        Assert.Equal(new StoreAddress.Disk(folder), StoreAddress.Parse(text));

    [Theory]
    [InlineData("azblob://account/container")]
    [InlineData("gs://bucket")]
    [InlineData("linode://bucket")]
    [InlineData("vultr://bucket")]
    [InlineData("spaces://bucket")]
    [InlineData("upcloud://bucket")]
    [InlineData("s3+https://host/bucket")]
    public void A_service_without_an_adapter_is_named_with_those_there_are(string text)
    {
        var fault = FaultOf(text);

        Assert.Equal("storage.no_adapter", fault.Code);
        Assert.Contains("s3:// and disk:", fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dumps")]
    [InlineData("disk:")]
    [InlineData("s3://")]
    [InlineData("s3:///key")]
    [InlineData("s3://a b c/key")]
    [InlineData("s3:/bucket")]
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
        Assert.DoesNotContain("hunter2secret", FaultOf("ftp://u:hunter2secret@bucket/x").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_come_from_the_variables_of_AWS_and_the_special_one_wins()
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = "https://general.example.com",
            ["AWS_ENDPOINT_URL_S3"] = "https://s3.example.com",
            ["AWS_DEFAULT_REGION"] = "eu-west-1",
            ["AWS_PROFILE"] = " ",
        };

        var options = StoreOptions.FromEnvironment(variables.GetValueOrDefault).S3;

        Assert.Equal(("https://s3.example.com", "eu-west-1", null), (options.Endpoint, options.Region, options.Profile));
    }

    [Fact]
    public void All_problems_of_the_options_are_told_together_by_flag()
    {
        var options = new StoreOptions
        {
            S3 = new S3Options { Endpoint = "https://user:pw@host", Region = "eu west" },
            Disk = new DiskOptions { Listen = "everywhere", PublicUrl = "ftp://x" },
        };

        Assert.Equal(["--s3-endpoint", "--s3-region", "--disk-listen", "--disk-public-url"], options.Problems().Select(p => p.Option));
        Assert.Empty(new StoreOptions().Problems());
    }

    private static Fault FaultOf(string text) => Assert.Throws<FaultException>(() => StoreAddress.Parse(text)).Fault;
}
