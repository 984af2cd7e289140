using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.S3;

namespace Godwit.Tests.Storage;

public sealed class S3PlaceTests
{
    [Theory]
    [InlineData("linode://bucket", "us-east-1", "https://us-east-1.linodeobjects.com", "us-east-1", true)]
    [InlineData("linode://bucket", "us-east", "https://us-east-1.linodeobjects.com", "us-east-1", true)]
    [InlineData("linode://bucket", "us-iad-12", "https://us-iad-12.linodeobjects.com", "us-iad-12", true)]
    [InlineData("vultr://bucket", "ewr1", "https://ewr1.vultrobjects.com", "us-east-1", true)]
    [InlineData("vultr://bucket", "ewr", "https://ewr1.vultrobjects.com", "us-east-1", true)]
    [InlineData("spaces://bucket", "fra1", "https://fra1.digitaloceanspaces.com", "fra1", false)]
    public void The_region_names_the_host_and_what_is_signed_for(
        string address, string region, string endpoint, string signingRegion, bool pathStyle) =>
        Assert.Equal(new S3Place(endpoint, signingRegion, IsRegionGuessed: true, pathStyle),
            Find(address, new S3Options { Region = region }));

    [Fact]
    public void AWS_is_left_to_the_SDK_and_a_region_nobody_named_is_a_guess()
    {
        Assert.Equal(new S3Place(null, "us-east-1", IsRegionGuessed: true, PathStyle: false),
            Find("s3://bucket", new S3Options()));
        Assert.Equal(new S3Place(null, "eu-west-1", IsRegionGuessed: false, PathStyle: false),
            Find("s3://bucket", new S3Options { Region = "eu-west-1" }));
    }

    [Fact]
    public void Any_other_service_is_where_its_address_says() =>
        Assert.Equal(new S3Place("https://minio.example.com:9000", "us-east-1", IsRegionGuessed: true, PathStyle: true),
            Find("s3+https://minio.example.com:9000/bucket", new S3Options()));

    [Fact]
    public void A_region_that_is_missing_is_asked_for_with_those_known()
    {
        var fault = FaultOf("linode://bucket", new S3Options());

        Assert.Equal("storage.region_missing", fault.Code);
        Assert.Contains("--s3-region nor S3_REGION", fault.Why, StringComparison.Ordinal);
        Assert.Contains("fr-par-1", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_is_missing_is_asked_for_with_an_example()
    {
        var fault = FaultOf("upcloud://bucket", new S3Options { Region = "europe-1" });

        Assert.Equal("storage.endpoint_missing", fault.Code);
        Assert.Contains("--s3-endpoint https://abc12.upcloudobjects.com", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket", "AWS_ENDPOINT_URL", "not an address", "storage.place_malformed")]
    [InlineData("linode://bucket", "S3_REGION", "us east", "storage.place_malformed")]
    [InlineData("linode://bucket", "S3_ENDPOINT", "http://minio.lan", "storage.plain_http")]
    public void What_the_variables_say_is_read_before_it_is_used(
        string address, string name, string value, string code) =>
        Assert.Equal(code, FaultOf(address, Environment((name, value))).Code);

    [Fact]
    public void Two_services_at_once_are_refused() =>
        Assert.Equal("storage.place_malformed",
            FaultOf("s3+https://one.example.com/bucket", new S3Options { Endpoint = "https://two.example.com" }).Code);

    [Fact]
    public void AWS_is_asked_for_in_its_own_variables_and_the_special_one_wins()
    {
        var settled = Settle("s3://bucket", Environment(
            ("AWS_ENDPOINT_URL", "https://general.example.com"), ("AWS_ENDPOINT_URL_S3", "https://s3.example.com"),
            ("AWS_DEFAULT_REGION", "eu-west-1"), ("AWS_PROFILE", " "),
            ("S3_REGION", "elsewhere"), ("S3_ENDPOINT", "elsewhere.example.com")));

        Assert.Equal(("https://s3.example.com", "eu-west-1", null),
            (settled.Endpoint, settled.Region, settled.Profile));
    }

    [Fact]
    public void The_region_of_AWS_does_not_count_for_others_and_flags_win()
    {
        var environment = Environment(("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "https://aws.example.com"),
            ("AWS_PROFILE", "work"), ("S3_REGION", "fra1"), ("S3_ENDPOINT", "fra1.example.com"));

        var settled = Settle("spaces://bucket", environment);
        Assert.Equal(("https://fra1.example.com", "fra1", null), (settled.Endpoint, settled.Region, settled.Profile));
        Assert.Equal("nyc3", Settle("spaces://bucket", environment with { Region = "nyc3" }).Region);
        Assert.Null(Settle("s3+https://minio.example.com/bucket", environment).Endpoint);
    }

    [Fact]
    public void Each_row_of_the_table_says_what_a_person_needs()
    {
        foreach (var service in S3Services.Named)
        {
            Assert.True(service.EndpointPattern is not null || service.NeedsEndpoint || service.HasAmbientKeys,
                service.Title);
            Assert.NotEmpty(service.Regions);
            Assert.NotEmpty(service.KeyVariables);
            Assert.NotEmpty(service.RegionVariables);
            Assert.EndsWith(".", service.KeysAreMade, StringComparison.Ordinal);
            Assert.EndsWith(".", service.Rights, StringComparison.Ordinal);
            Assert.False(service.Encryption.EndsWith('.'), service.Title);
        }

        Assert.Equal([S3Services.Aws], S3Services.Named.Where(service => service.HasAmbientKeys));
    }

    private static S3Options Environment(params (string Name, string Value)[] variables) =>
        new() { Environment = variables.ToDictionary(one => one.Name, one => one.Value).GetValueOrDefault };

    private static S3Options Settle(string address, S3Options options) =>
        options.SettledFor((StoreAddress.S3)StoreAddress.Parse(address));

    private static S3Place Find(string address, S3Options options) =>
        S3Place.Find((StoreAddress.S3)StoreAddress.Parse(address), Settle(address, options), profile: null);

    private static Fault FaultOf(string address, S3Options options) =>
        Assert.Throws<FaultException>(() => Find(address, options)).Fault;
}
