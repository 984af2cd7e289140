using System.Net;
using System.Text;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Godwit.Tests.Storage;
using Verdict = Godwit.EndToEnd.Servers.S3Proxy.Verdict;

namespace Godwit.EndToEnd.Storage;

/// <summary>What the operator is told when the account, the credentials or the network are not as they should
/// be.</summary>
public sealed class AzureBlobFaultTests(AzuriteServer azurite)
{
    private const int MiB = 1024 * 1024;

    private static readonly Secret Wrong = new(Convert.ToBase64String("another key"u8));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_key_a_bent_SAS_and_one_that_expired_are_refused_credentials_and_not_repeated()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        var good = AzuriteServer.ServiceSas(container, "racwdl").Reveal();
        var bent = new Secret(good[..^3] + (good[^3] == 'a' ? 'b' : 'a') + good[^2..]);
        var old = AzuriteServer.ServiceSas(container, "racwdl", expiry: TimeProvider.System.GetUtcNow().AddMinutes(-1));
        foreach (var (options, secret) in new[]
        {
            (azurite.Options with { Key = Wrong }, Wrong),
            (azurite.Options with { Key = null, SasToken = bent }, bent),
            (azurite.Options with { Key = null, SasToken = old }, old),
        })
        {
            await using var store = Open(container, options);
            foreach (var action in new Func<Task>[] { () => store.CheckAsync(Ct), () => PutAsync(store, "x") })
            {
                var thrown = await Assert.ThrowsAsync<FaultException>(action);
                Assert.Equal("storage.azure_credentials_refused", thrown.Fault.Code);
                Assert.DoesNotContain(secret.Reveal(), thrown.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain("sig=", thrown.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("racwd", "list the container")]
    [InlineData("rl", "write an object")]
    [InlineData("racwl", "delete an object")]
    public async Task A_SAS_without_a_letter_is_told_what_it_may_not(string letters, string doing)
    {
        var container = await azurite.MakeContainerAsync(Ct);
        await using var store = Open(container,
            azurite.Options with { Key = null, SasToken = AzuriteServer.ServiceSas(container, letters) });

        var fault = await FaultOfAsync(async () =>
        {
            await store.CheckAsync(Ct);
            await store.CheckWritableAsync(Ct);
        });

        Assert.Equal("storage.azure_sas_too_narrow", fault.Code);
        Assert.Contains(doing, fault.Why, StringComparison.Ordinal);
        Assert.Contains("--permissions racwdl", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_does_not_exist_is_missing_whatever_is_asked_of_it()
    {
        await azurite.StartAsync(Ct);
        await using var store = Open("no-such-container", azurite.Options);

        foreach (var action in new Func<Task>[]
        {
            () => store.CheckAsync(Ct), () => store.CheckWritableAsync(Ct), () => PutAsync(store, "x"),
            () => store.FindAsync("k", Ct), () => store.DeleteAsync("k", Ct),
        })
            Assert.Equal("storage.azure_container_missing", (await FaultOfAsync(action)).Code);
    }

    [Fact]
    public async Task An_account_of_somebody_else_takes_no_key_of_ours()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        await using var store = ObjectStores.Open(
            new StoreAddress.AzureBlob(AzuriteServer.ForeignAccount, container, ""),
            new StoreOptions
            {
                AzureBlob = azurite.Options with { Endpoint = azurite.EndpointOf(AzuriteServer.ForeignAccount) },
            },
            new NoLinkHost(), TimeProvider.System);

        Assert.Equal("storage.azure_credentials_refused", (await FaultOfAsync(() => store.CheckAsync(Ct))).Code);
    }

    [Fact]
    public async Task An_account_that_DNS_does_not_know_is_named()
    {
        await using var store = Open("container", azurite.Options with { Endpoint = "https://nosuchaccount.invalid" });

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal("storage.azure_account_unknown", fault.Code);
        Assert.Contains("DNS does not know nosuchaccount.invalid", fault.Why, StringComparison.Ordinal);
    }

    // Azurite looks at the time in a SAS, and not at that of a request; so what tells a clock from a key is shown by
    // a wrong key.
    [Theory]
    [InlineData(20, "20 minutes ahead")]
    [InlineData(-20, "20 minutes behind")]
    public async Task A_clock_that_is_off_is_told_before_the_key_is_blamed_and_its_links_are_dead(
        int minutes, string told)
    {
        var container = await azurite.MakeContainerAsync(Ct);
        var clock = new Shifted(TimeSpan.FromMinutes(minutes));
        await using var wrong = Open(container, azurite.Options with { Key = Wrong }, clock);

        var fault = await FaultOfAsync(() => wrong.CheckAsync(Ct));

        Assert.Equal("storage.clock_skewed", fault.Code);
        Assert.Contains(told, fault.Why, StringComparison.Ordinal);
        await using var right = Open(container, azurite.Options, clock);
        using var http = new HttpClient();
        using var answer =
            await http.GetAsync(new Uri((await right.SignAsync("k", TimeSpan.FromMinutes(10), Ct)).Url.Reveal()), Ct);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData(Verdict.Refuse, 3)]
    [InlineData(Verdict.LoseRequest, 1)]
    [InlineData(Verdict.LoseRequest, 3)]
    [InlineData(Verdict.LoseAnswer, 3)]
    public async Task A_block_that_fails_for_good_leaves_no_blocks_and_no_object(Verdict verdict, int block)
    {
        var container = await azurite.MakeContainerAsync(Ct);
        await using var proxy = new S3Proxy(azurite.Port, line => IsBlock(line, block) ? verdict : Verdict.Pass);
        await using var store = Open(container, OptionsOf(proxy, attempts: 2));
        await using var body = new PatternStream(60 * MiB);

        await FaultOfAsync(() =>
            store.PutAsync("k", new ObjectUpload(body) { Head = new LateHead(1000, () => new byte[1000]) }, Ct));

        Assert.Empty(await azurite.KeptAsync(container, Ct));
    }

    [Fact]
    public async Task Answers_that_are_lost_cost_single_blocks_and_a_lost_commit_is_found_by_looking()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        var lost = new HashSet<string>();
        await using var proxy = new S3Proxy(azurite.Port, line =>
        {
            lock (lost)
                return IsBlock(line, 1) || IsBlock(line, 4) ? (lost.Add(line) ? Verdict.LoseAnswer : Verdict.Pass)
                    // Every answer to the commit: only a look tells that it was done.
                    : IsCommit(line) ? Verdict.LoseAnswer : Verdict.Pass;
        });
        await using var store = Open(container, OptionsOf(proxy, attempts: 3));
        await using var body = new PatternStream(60 * MiB);

        var put = await store.PutAsync("k", new ObjectUpload(body), Ct);

        Assert.Equal((2, 60 * MiB), (lost.Count, put.SizeBytes));
        await using var back = await store.OpenAsync("k", 0, Ct);
        Assert.Equal(body.Sha256,
            Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(back, Ct)));
        Assert.Equal(0, await store.AbortUploadsAsync("k", Ct));
    }

    [Fact]
    public async Task Blocks_that_are_gone_when_they_are_to_be_joined_are_a_fault_and_what_took_their_place_stays()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        var late = 0;
        await using var proxy = new S3Proxy(azurite.Port, line =>
        {
            if (IsCommit(line) && Interlocked.Increment(ref late) == 1)
                azurite.Send(HttpMethod.Put, $"/{container}/k?comp=blocklist", "<BlockList></BlockList>"u8.ToArray(),
                    ("x-ms-meta-owner", "somebody"));
            return Verdict.Pass;
        });
        await using var store = Open(container, OptionsOf(proxy, attempts: 2));
        await using var body = new PatternStream(60 * MiB);

        var fault = await FaultOfAsync(() => store.PutAsync("k", new ObjectUpload(body), Ct));

        Assert.Equal("storage.azure_blocks_gone", fault.Code);
        using var theirs = await azurite.SendAsync(HttpMethod.Head, $"/{container}/k", Ct);
        Assert.Equal(["somebody"], theirs.Headers.GetValues("x-ms-meta-owner"));
    }

    /// <summary>Azurite makes a page blob of any length at once.</summary>
    [Fact]
    public async Task A_blob_larger_than_any_text_is_described()
    {
        const long ThreeGiB = 3L << 30;
        var container = await azurite.MakeContainerAsync(Ct);
        using var made = await azurite.SendAsync(HttpMethod.Put, $"/{container}/k", Ct, [],
            ("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", $"{ThreeGiB}"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        await using var store = Open(container, azurite.Options);

        Assert.Equal(ThreeGiB, (await store.FindAsync("k", Ct))?.SizeBytes);
    }

    [Fact]
    public async Task A_lease_is_told_with_the_command_that_ends_it()
    {
        var container = await azurite.MakeContainerAsync(Ct);
        await using var store = Open(container, azurite.Options);
        await PutAsync(store, "x");
        using var leased = await azurite.SendAsync(HttpMethod.Put, $"/{container}/k?comp=lease", Ct, [],
            ("x-ms-lease-action", "acquire"), ("x-ms-lease-duration", "-1"));
        Assert.Equal(HttpStatusCode.Created, leased.StatusCode);

        var fault = await FaultOfAsync(() => store.DeleteAsync("k", Ct));

        Assert.Equal("storage.azure_leased", fault.Code);
        Assert.Contains("--blob-name 'k'", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_container_is_told_and_one_that_is_made_is_private()
    {
        await using var open = Open(await azurite.MakeContainerAsync(Ct, publicAccess: "blob"), azurite.Options);
        Assert.Equal(PrivacyVerdict.Public, (await open.Bucket!.FindPrivacyAsync(Ct)).Verdict);

        await using var store = Open("made-" + Guid.NewGuid().ToString("n"), azurite.Options);
        var creation = store.Bucket!;
        Assert.False(await creation.ExistsAsync(Ct));
        Assert.True((await creation.CreateAsync(StoreUse.PassingThrough, Ct)).Created);
        Assert.False((await creation.CreateAsync(StoreUse.PassingThrough, Ct)).Created);
        Assert.True(await creation.ExistsAsync(Ct));
        Assert.Equal(PrivacyVerdict.Private, (await store.Bucket!.FindPrivacyAsync(Ct)).Verdict);
        await PutAsync(store, "x");
    }

    private static bool IsBlock(string line, int number) => line.StartsWith("PUT ", StringComparison.Ordinal)
        && line.IndexOf("blockid=", StringComparison.Ordinal) is > 0 and var at
        && Encoding.ASCII.GetString(Convert.FromBase64String(Uri.UnescapeDataString(line[(at + "blockid=".Length)..]
            .Split('&', ' ')[0]))).EndsWith($"-{number:00000}", StringComparison.Ordinal);

    private static bool IsCommit(string line) =>
        line.StartsWith("PUT ", StringComparison.Ordinal) && line.Contains("comp=blocklist", StringComparison.Ordinal);

    private AzureBlobOptions OptionsOf(S3Proxy proxy, int attempts) =>
        azurite.Options with { Endpoint = $"{proxy.Endpoint}/{AzuriteServer.Account}", PartAttemptsMax = attempts };

    private static IObjectStore Open(string container, AzureBlobOptions options, TimeProvider? clock = null) =>
        ObjectStores.Open(
            new StoreAddress.AzureBlob(AzuriteServer.Account, container, ""), new StoreOptions { AzureBlob = options },
            new NoLinkHost(), clock ?? TimeProvider.System);

    private static Task<StoredObject> PutAsync(IObjectStore store, string text) =>
        store.PutAsync("k", new ObjectUpload(new MemoryStream(Encoding.UTF8.GetBytes(text))), Ct);

    private static async Task<Fault> FaultOfAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<FaultException>(action)).Fault;

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
