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
    ];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "aws");

    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

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

            """);
    }

    [Fact]
    public async Task Without_keys_the_fault_says_where_they_were_looked_for_and_comes_soon_also_off_AWS()
    {
        var watch = Stopwatch.StartNew();
        var fault = await FaultOfAsync(new S3Options());

        Assert.Equal("storage.credentials_missing", fault.Code);
        Assert.Contains("AWS_ACCESS_KEY_ID", fault.Why, StringComparison.Ordinal);
        Assert.Contains("'default'", fault.Why, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_profile_that_does_not_exist_is_named() =>
        Assert.Contains("'elsewhere'", (await FaultOfAsync(new S3Options { Profile = "elsewhere" })).What, StringComparison.Ordinal);

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
        var answer = $$"""{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t","Expiration":"{{end:yyyy-MM-ddTHH:mm:ssZ}}"}""";
        await File.WriteAllTextAsync(Path.Combine(Folder, "keys.json"), answer, Ct);

        var link = await SignAsync(new S3Options { Profile = "temporary" }, TimeSpan.FromHours(5));

        Assert.InRange(link.ExpiresAt, end - TimeSpan.FromMinutes(20), end);
    }

    [Fact]
    public async Task A_link_lives_a_week_at_most()
    {
        var link = await SignAsync(new S3Options { Keys = new S3Keys("AKID", new Secret("s")) }, TimeSpan.FromDays(30));

        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
        Assert.Contains("X-Amz-Algorithm=AWS4-HMAC-SHA256", link.Url.Reveal(), StringComparison.Ordinal);
        Assert.StartsWith("https://bucket.s3.us-east-1.amazonaws.com/k?", link.Url.Reveal(), StringComparison.Ordinal);
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
        new StoreAddress.S3("bucket", ""), new StoreOptions { S3 = options }, new App.Web.LinkHost(), TimeProvider.System);
}
