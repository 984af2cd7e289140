using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>Temporary keys expire while a dump goes up, and whoever made them has made others meanwhile.</summary>
public sealed class S3RenewalTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;
    private const string Refusal = "<?xml version='1.0'?><Error><Code>ExpiredToken</Code><Message>The provided token "
        + "has expired.</Message></Error>";

    private static readonly string Credentials = Path.Combine(AppContext.BaseDirectory, "aws", "credentials");

    private readonly string _profile = "renewal-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly ConcurrentQueue<(int Part, bool IsOld, bool Passed)> _parts = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The SDK decides once where its files are, by what is there; so they are before anything can use it.
    [ModuleInitializer]
    internal static void OwnFiles()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Credentials)!);
        foreach (var (name, path) in
            new[] { ("AWS_SHARED_CREDENTIALS_FILE", Credentials), ("AWS_CONFIG_FILE", Credentials + ".config") })
        {
            File.WriteAllText(path, "");
            Environment.SetEnvironmentVariable(name, path);
        }
    }

    [Fact]
    public async Task Keys_that_expire_in_mid_upload_are_looked_for_anew_and_the_parts_already_sent_stay()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await WriteAsync("old");
        await using var proxy = Proxy(fromPart: 3, onRefusal: () => WriteAsync("new"));
        await using var store = Open(bucket, proxy, attempts: 4);
        await using var body = new PatternStream(60 * MiB);

        var put = await store.PutAsync("k", new ObjectUpload(body), Ct);

        Assert.Equal(60 * MiB, put.SizeBytes);
        await using var back = await store.OpenAsync("k", 0, Ct);
        Assert.Equal(body.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
        Assert.Contains(_parts, part => !part.Passed);
        Assert.All(_parts, part => Assert.Equal(part.Passed, !part.IsOld || part.Part < 3));
        // Each part was taken once: nothing begins anew.
        Assert.Equal(Enumerable.Range(1, 8), _parts.Where(part => part.Passed).Select(part => part.Part).Order());
    }

    [Fact]
    public async Task Keys_that_get_no_better_are_a_fault_and_nothing_stays()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await WriteAsync("old");
        await using var proxy = Proxy(fromPart: 3, onRefusal: () => Task.CompletedTask);
        await using var store = Open(bucket, proxy, attempts: 3);
        await using var body = new PatternStream(60 * MiB);

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.PutAsync("k", new ObjectUpload(body), Ct));

        Assert.Equal("storage.credentials_refused", thrown.Fault.Code);
        Assert.Contains("ExpiredToken", thrown.Fault.Why, StringComparison.Ordinal);
        // Several parts are under way together; the first that has had its attempts ends the upload.
        Assert.Equal(3, _parts.GroupBy(part => part.Part).Max(tries => tries.Count()));
        Assert.Empty(await swift.KeptAsync(bucket, Ct));
    }

    [Fact]
    public async Task Keys_that_were_given_once_and_for_all_are_not_tried_again()
    {
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var proxy = Proxy(fromPart: 1, onRefusal: () => Task.CompletedTask);
        var environment = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = SwiftServer.Keys.Id, ["AWS_SECRET_ACCESS_KEY"] = SwiftServer.Keys.Key.Reveal(),
            ["AWS_SESSION_TOKEN"] = "old",
        };
        await using var store = ObjectStores.Open(
            new StoreAddress.S3(bucket, ""),
            new StoreOptions
            {
                S3 = new S3Options { Endpoint = proxy.Endpoint, Environment = environment.GetValueOrDefault },
            },
            new NoLinkHost(), TimeProvider.System);
        await using var body = new PatternStream(20 * MiB);

        var thrown = await Assert.ThrowsAsync<FaultException>(() => store.PutAsync("k", new ObjectUpload(body), Ct));

        Assert.Equal("storage.credentials_refused", thrown.Fault.Code);
        Assert.All(_parts.GroupBy(part => part.Part), tries => Assert.Single(tries));
    }

    private S3Proxy Proxy(int fromPart, Func<Task> onRefusal) => new(swift.Port, _ => S3Proxy.Verdict.Pass)
    {
        Refuse = async head =>
        {
            if (S3Proxy.PartOf(head) is not { } part)
                return null;
            var isOld = head.Contains("x-amz-security-token: old", StringComparison.OrdinalIgnoreCase);
            var passes = !isOld || part < fromPart;
            _parts.Enqueue((part, isOld, passes));
            if (passes)
                return null;
            await onRefusal();
            return ("400 Bad Request", Refusal);
        },
    };

    private IObjectStore Open(string bucket, S3Proxy proxy, int attempts) => ObjectStores.Open(
        new StoreAddress.S3(bucket, ""),
        new StoreOptions
        {
            S3 = new S3Options { Endpoint = proxy.Endpoint, Profile = _profile, PartAttemptsMax = attempts },
        },
        new NoLinkHost(), TimeProvider.System);

    private Task WriteAsync(string token) => File.WriteAllTextAsync(
        Credentials,
        $"""
        [{_profile}]
        aws_access_key_id = {SwiftServer.Keys.Id}
        aws_secret_access_key = {SwiftServer.Keys.Key.Reveal()}
        aws_session_token = {token}

        """,
        Ct);
}
