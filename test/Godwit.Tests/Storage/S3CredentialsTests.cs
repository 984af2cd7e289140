using System.Diagnostics;
using System.Runtime.CompilerServices;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

/// <summary>The SDK reads its variables by itself, so these tests own them for a while.</summary>
[CollectionDefinition(nameof(OwnsEnvironment), DisableParallelization = true)]
public sealed class OwnsEnvironment;

[Collection(nameof(OwnsEnvironment))]
public sealed class S3CredentialsTests : IDisposable
{
    private static readonly string[] Variables =
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL_STS", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_REGION",
    ];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "aws");

    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(name => name,
        Environment.GetEnvironmentVariable);

    public S3CredentialsTests()
    {
        foreach (var name in Variables)
            Environment.SetEnvironmentVariable(name, null);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }

    // The SDK reads its files once per process, so they are there before anything can use it.
    [ModuleInitializer]
    internal static void OwnFiles()
    {
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Path.Combine(Folder, "config"));
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(Folder, "credentials"));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "config"), $"""
            [profile work]
            region = eu-central-1
            endpoint_url = http://127.0.0.1:9
            aws_access_key_id = AKIDWORK
            aws_secret_access_key = secret

            [profile temporary]
            credential_process = cat {Folder}/keys.json

            [profile role]
            region = eu-west-1
            role_arn = arn:aws:iam::123456789012:role/dumps
            web_identity_token_file = {Folder}/token

            """);
    }

    [Fact]
    public async Task Without_keys_the_fault_says_where_they_were_looked_for_and_comes_soon_also_off_AWS()
    {
        var watch = Stopwatch.StartNew();
        var fault = await FaultOfAsync(new S3Options { Environment = Environment.GetEnvironmentVariable });

        Assert.Equal("storage.credentials_missing", fault.Code);
        Assert.Contains("AWS_ACCESS_KEY_ID", fault.Why, StringComparison.Ordinal);
        Assert.Contains("'default'", fault.Why, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_named() =>
        Assert.Contains("'elsewhere'", (await FaultOfAsync(new S3Options { Profile = "elsewhere" })).What,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_profile_brings_keys_region_and_endpoint()
    {
        var link = await SignAsync(new S3Options { Profile = "work" }, TimeSpan.FromHours(1));

        var url = link.Url.Reveal();
        Assert.StartsWith("http://127.0.0.1:9/bucket/k?", url, StringComparison.Ordinal);
        Assert.Contains("AKIDWORK", url, StringComparison.Ordinal);
        Assert.Contains("eu-central-1", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_does_not_outlive_temporary_keys()
    {
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(40);
        var answer = $$"""
            {"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t",
             "Expiration":"{{end:yyyy-MM-ddTHH:mm:ssZ}}"}
            """;
        await File.WriteAllTextAsync(Path.Combine(Folder, "keys.json"), answer, Ct);

        var link = await SignAsync(new S3Options { Profile = "temporary", Region = "eu-west-1" },
            TimeSpan.FromHours(5));

        Assert.InRange(link.ExpiresAt, end - TimeSpan.FromMinutes(20), end);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_web_identity_is_exchanged_for_keys_also_where_it_stands_in_a_profile(bool inProfile)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "of-the-cluster", Ct);
        await using var exchange = new TokenExchange();
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_STS", exchange.Url);
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-west-1");
        Environment.SetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE",
            inProfile ? null : Path.Combine(Folder, "token"));
        Environment.SetEnvironmentVariable("AWS_ROLE_ARN", inProfile ? null : "arn:aws:iam::123456789012:role/dumps");

        var link = await SignAsync(
            new S3Options { Profile = inProfile ? "role" : null, Environment = Environment.GetEnvironmentVariable },
            TimeSpan.FromHours(5));

        Assert.Contains("WebIdentityToken=of-the-cluster", exchange.Asked, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Credential=ASIAEXCHANGED", link.Url.Reveal(), StringComparison.Ordinal);
        Assert.InRange(link.ExpiresAt, TimeProvider.System.GetUtcNow(), exchange.End);
    }

    [Fact]
    public async Task A_profile_without_keys_says_why()
    {
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9");
        await File.WriteAllTextAsync(Path.Combine(Folder, "token"), "of-the-cluster", Ct);

        var fault = await FaultOfAsync(new S3Options { Profile = "role" });

        Assert.Equal("storage.profile_unusable", fault.Code);
        Assert.DoesNotContain("of-the-cluster", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_lives_a_week_at_most()
    {
        var link = await SignAsync(new S3Options { Region = "us-east-1", Keys = new S3Keys("AKID", new Secret("s")) },
            TimeSpan.FromDays(30));

        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
        Assert.Contains("X-Amz-Algorithm=AWS4-HMAC-SHA256", link.Url.Reveal(), StringComparison.Ordinal);
        Assert.StartsWith("https://bucket.s3.us-east-1.amazonaws.com/k?", link.Url.Reveal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linode://bucket", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")]
    [InlineData("linode://bucket", "LINODE_CLI_OBJ_ACCESS_KEY", "LINODE_CLI_OBJ_SECRET_KEY")]
    [InlineData("linode://bucket", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("vultr://bucket", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")]
    [InlineData("spaces://bucket", "SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY")]
    [InlineData("spaces://bucket", "SPACES_KEY", "SPACES_SECRET")]
    [InlineData("upcloud://bucket", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")]
    [InlineData("s3+https://minio.example.com/bucket", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")]
    [InlineData("s3://bucket", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    public async Task Each_service_finds_its_keys_in_its_own_variables(string address, string id, string key) =>
        Assert.Contains("X-Amz-Credential=AKIDOWN", await UrlAsync(address, Place, (id, "AKIDOWN"), (key, "secret")),
            StringComparison.Ordinal);

    [Fact]
    public async Task What_is_nearer_wins_the_named_profile_then_the_service_then_AWS()
    {
        (string, string)[] all =
        [
            ("S3_ACCESS_KEY_ID", "AKIDGENERIC"), ("S3_SECRET_ACCESS_KEY", "s"), ("S3_SESSION_TOKEN", "token-of-it"),
            ("SPACES_ACCESS_KEY_ID", "AKIDSPACES"), ("SPACES_SECRET_ACCESS_KEY", "s"), ("AWS_ACCESS_KEY_ID", "AKIDAWS"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_PROFILE", "work"),
        ];

        Assert.Contains("AKIDWORK", await UrlAsync("spaces://bucket", Place with { Profile = "work" }, all),
            StringComparison.Ordinal);
        var generic = await UrlAsync("spaces://bucket", Place, all);
        Assert.Contains("AKIDGENERIC", generic, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Security-Token=token-of-it", generic, StringComparison.Ordinal);
        Assert.Contains("AKIDSPACES", await UrlAsync("spaces://bucket", Place, all[3..]), StringComparison.Ordinal);
        Assert.Contains("AKIDAWS", await UrlAsync("spaces://bucket", Place, all[5..]), StringComparison.Ordinal);
        // As every AWS tool has it: keys in the environment before a profile named there.
        Assert.Contains("AKIDAWS", await UrlAsync("s3://bucket", Place, all[5..]), StringComparison.Ordinal);
        Assert.Contains("AKIDWORK", await UrlAsync("s3://bucket", Place, all[7..]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linode://bucket", "LINODE_CLI_OBJ_ACCESS_KEY and LINODE_CLI_OBJ_SECRET_KEY", "Cloud Manager")]
    [InlineData("vultr://bucket", "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY", "customer portal")]
    [InlineData("spaces://bucket", "SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY", "control panel")]
    [InlineData("upcloud://bucket", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "hub")]
    [InlineData("s3+https://minio.example.com/bucket", "--profile names none", "operator")]
    public async Task Who_has_no_keys_reads_of_that_service_alone_and_the_machines_own_are_not_tried(
        string address, string place, string made)
    {
        var watch = Stopwatch.StartNew();
        // Answering nobody, it would take the search's whole time if it were asked.
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9");
        var thrown = await Assert.ThrowsAsync<FaultException>(() => UrlAsync(address, Place));
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT", null);

        Assert.Equal("storage.credentials_missing", thrown.Fault.Code);
        Assert.Contains(place, thrown.Fault.Why, StringComparison.Ordinal);
        Assert.Contains(made, thrown.Fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("instance", thrown.Fault.Why, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("linode://bucket", null)]
    [InlineData("s3+https://minio.example.com/bucket", null)]
    [InlineData("s3://bucket", "https://minio.example.com")]
    public async Task What_AWS_lent_is_shown_to_nobody_else(string address, string? endpoint)
    {
        var place = Place with { Endpoint = endpoint };
        (string, string)[] pair = [("AWS_ACCESS_KEY_ID", "ASIALENT"), ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_SESSION_TOKEN", "t")];
        var token = await Assert.ThrowsAsync<FaultException>(() => UrlAsync(address, place, pair));

        Assert.Equal("storage.credentials_missing", token.Fault.Code);
        Assert.Contains("AWS_SESSION_TOKEN is set", token.Fault.Why, StringComparison.Ordinal);
        foreach (var profile in new[] { "temporary", "role" })
        {
            var named = await Assert.ThrowsAsync<FaultException>(() =>
                UrlAsync(address, place with { Profile = profile }));
            Assert.Equal("storage.profile_not_static", named.Fault.Code);
            var inherited = await Assert.ThrowsAsync<FaultException>(() =>
                UrlAsync(address, place, ("AWS_PROFILE", profile)));
            Assert.Contains(inherited.Fault.Code,
                new[] { "storage.profile_not_static", "storage.credentials_missing" });
        }

        Assert.Contains("AKIDWORK", await UrlAsync(address, place with { Profile = "work" }), StringComparison.Ordinal);
        Assert.Contains("AKIDAWS", await UrlAsync(address, place, ("AWS_ACCESS_KEY_ID", "AKIDAWS"),
            ("AWS_SECRET_ACCESS_KEY", "s")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_pair_is_told_and_not_used()
    {
        var thrown = await Assert.ThrowsAsync<FaultException>(() =>
            UrlAsync("vultr://bucket", Place, ("S3_ACCESS_KEY_ID", "AKID")));

        Assert.Contains("S3_SECRET_ACCESS_KEY, which is not set, though S3_ACCESS_KEY_ID is", thrown.Fault.Why,
            StringComparison.Ordinal);
    }

    private static S3Options Place => new() { Region = "eu-1", Endpoint = null };

    private static async Task<string> UrlAsync(
        string address, S3Options options, params (string Name, string Value)[] variables)
    {
        var environment = variables.ToDictionary(one => one.Name, one => one.Value);
        var bucket = (StoreAddress.S3)StoreAddress.Parse(address);
        if (bucket.Service == S3Services.UpCloud)
            options = options with { Endpoint = "https://abc12.upcloudobjects.com" };
        await using var store = ObjectStores.Open(
            bucket, new StoreOptions { S3 = options with { Environment = environment.GetValueOrDefault } },
            new App.Web.LinkHost(), TimeProvider.System);
        return (await store.SignAsync("k", TimeSpan.FromMinutes(5), Ct)).Url.Reveal();
    }

    private static async Task<SignedLink> SignAsync(S3Options options, TimeSpan lifetime)
    {
        await using var store = Open(options);
        return await store.SignAsync("k", lifetime, Ct);
    }

    private static async Task<Fault> FaultOfAsync(S3Options options)
    {
        await using var store = Open(options);
        return (await Assert.ThrowsAsync<FaultException>(() => store.CheckAsync(Ct))).Fault;
    }

    private static IObjectStore Open(S3Options options) => ObjectStores.Open(
        new StoreAddress.S3("bucket", ""), new StoreOptions { S3 = options }, new App.Web.LinkHost(),
        TimeProvider.System);
}
