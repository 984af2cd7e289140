using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;
using Godwit.Storage.Download;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>What Google says in its own way, and what the operator is told then.</summary>
public sealed class GcsFaultTests(SwiftServer swift)
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_ends_in_the_middle_of_an_upload_is_renewed()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        var revoked = 0;
        face.Watch = line =>
        {
            if (line.Contains("partNumber=3", StringComparison.Ordinal) && Interlocked.Exchange(ref revoked, 1) == 0)
                face.Account.RevokeTokens();
        };
        await using var content = new PatternStream(40 * MiB);

        var put = await store.PutAsync("k", new ObjectUpload(content), Ct);

        Assert.Equal((1, 40L * MiB), (revoked, put.SizeBytes));
        Assert.InRange(face.Account.Granted, 2, 4);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends_and_kept_until_then()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        for (var call = 0; call < 5; call++)
            await store.CheckAsync(Ct);
        Assert.Equal(1, face.Account.Granted);

        await using var other = await GcsFace.StartAsync(swift, Ct);
        other.Account.TokenLife = TimeSpan.FromSeconds(1);
        await using var hasty = await OpenAsync(other);
        var refused = 0;
        other.Watch = _ => refused += other.Account.Granted == 0 ? 1 : 0;
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1.5);
        while (TimeProvider.System.GetUtcNow() < end)
            await hasty.CheckAsync(Ct);

        Assert.InRange(other.Account.Granted, 2, 5);
        Assert.Equal(0, refused);
    }

    [Fact]
    public async Task A_key_that_was_deleted_is_told_with_its_account_and_file_also_in_the_middle_of_an_upload()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        await store.CheckAsync(Ct);
        face.Watch = line =>
        {
            if (line.Contains("partNumber=2", StringComparison.Ordinal))
            {
                face.Account.KeyIsRevoked = true;
                face.Account.RevokeTokens();
            }
        };
        await using var content = new PatternStream(24 * MiB);

        var fault = await FaultOfAsync(() => store.PutAsync("k", new ObjectUpload(content), Ct));

        Assert.Equal("storage.gcs_key_refused", fault.Code);
        Assert.Contains(face.Account.Email, fault.What, StringComparison.Ordinal);
        Assert.Contains("Invalid JWT Signature", fault.Why, StringComparison.Ordinal);
        Assert.Contains(face.Account.KeyFile, fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    public async Task A_clock_that_is_off_by_twenty_minutes_is_told(int minutes)
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = ObjectStores.Open(
            StoreAddress.Parse("gs://bucket"), new StoreOptions { Gcs = face.Options }, new NoLinkHost(),
            new Shifted(TimeSpan.FromMinutes(minutes)));

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal("storage.clock_skewed", fault.Code);
        Assert.Contains(minutes > 0 ? "20 minutes ahead" : "20 minutes behind", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_told_with_the_command_that_makes_one()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        foreach (var options in new[] { face.Options, GcsHmacTests.HmacOptions(swift) })
        {
            await using var store = ObjectStores.Open(
                StoreAddress.Parse("gs://godwit-no-such-bucket"), new StoreOptions { Gcs = options }, new NoLinkHost(),
                TimeProvider.System);

            var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

            Assert.Equal("storage.gcs_bucket_missing", fault.Code);
            Assert.Contains("gcloud storage buckets create gs://godwit-no-such-bucket", fault.Remedy,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_wrong_HMAC_key_is_told_in_Googles_words()
    {
        var options = GcsHmacTests.HmacOptions(swift);
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = ObjectStores.Open(
            StoreAddress.Parse($"gs://{bucket}"),
            new StoreOptions { Gcs = options with { HmacKeys = options.HmacKeys with { Key = new Secret("wrong") } } },
            new NoLinkHost(), TimeProvider.System);

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal("storage.gcs_keys_refused", fault.Code);
        Assert.DoesNotContain("AWS", fault.What + fault.Why + fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "Access denied.", "storage.gcs_forbidden", "storage.objects.list")]
    [InlineData(403, "InvalidSecurity", "The provided security credentials are not valid.",
        "storage.gcs_token_refused", "mover@")]
    [InlineData(400, "UserProjectMissing", "Bucket is a requester pays bucket but no user project provided.",
        "storage.gcs_requester_pays", "project that pays")]
    [InlineData(403, "UserProjectAccountProblem",
        "The project to be billed is associated with a closed billing account.", "storage.gcs_billing", "closed")]
    [InlineData(403, "AccountProblem", "There is a problem with your account.", "storage.gcs_billing",
        "AccountProblem")]
    [InlineData(503, "ServiceUnavailable", "We encountered an internal error. Please try again.",
        "storage.unavailable", "503")]
    [InlineData(429, "SlowDown", "The object exceeded the rate limit for object mutation operations.",
        "storage.unavailable", "429")]
    public async Task What_Google_answers_is_told_with_what_to_do(
        int status, string code, string message, string expected, string says)
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        face.Instead = _ => (status,
            $"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>");

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal(expected, fault.Code);
        Assert.Contains(says, fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("AWS", fault.What + fault.Why + fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_the_bucket_keeps_for_a_time_of_its_own_is_told()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        face.Instead = line => line.StartsWith("DELETE", StringComparison.Ordinal)
            ? (403, "<Error><Code>RetentionPolicyNotMet</Code><Message>Object is subject to the bucket's retention "
                + "policy.</Message></Error>")
            : null;
        await PutAsync(store, "k", "x");

        Assert.Equal("storage.gcs_retained", (await FaultOfAsync(() => store.DeleteAsync("k", Ct))).Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40 * MiB)]
    public async Task An_object_whose_checksum_is_another_one_is_not_trusted(int bytes)
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        await using (var good = new PatternStream(bytes))
            await store.PutAsync("k", new ObjectUpload(good), Ct);
        await using (var read = (await ObjectDownload.OpenAsync(store, "k", TimeProvider.System, Ct)).Content)
            await read.CopyToAsync(Stream.Null, Ct);
        face.ChecksumIsWrong = true;
        var damaged = await Assert.ThrowsAsync<FaultException>(async () =>
        {
            await using var read = (await ObjectDownload.OpenAsync(store, "k", TimeProvider.System, Ct)).Content;
            await read.CopyToAsync(Stream.Null, Ct);
        });
        Assert.Equal("storage.damaged", damaged.Fault.Code);
        await using var content = new PatternStream(bytes);

        Assert.Equal("storage.checksum_differs",
            (await FaultOfAsync(() => store.PutAsync("k", new ObjectUpload(content), Ct))).Code);
    }

    [Fact]
    public async Task A_link_lives_no_longer_than_Google_allows_and_names_only_the_account()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        await PutAsync(store, "k", "x");

        var link = await store.SignAsync("k", TimeSpan.FromDays(30), Ct);

        Assert.InRange(link.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1),
            TimeSpan.FromDays(7));
        Assert.Contains("X-Goog-Expires=604800", link.Url.Reveal(), StringComparison.Ordinal);
        using var http = new HttpClient();
        Assert.Equal("x", await http.GetStringAsync(new Uri(link.Url.Reveal()), Ct));
        using var bare = await http.GetAsync(new UriBuilder(link.Url.Reveal()) { Query = "" }.Uri, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
    }

    [Fact]
    public async Task Whether_everybody_can_read_the_bucket_is_told_as_far_as_the_account_may_know()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        var bucket = await swift.MakeBucketAsync(Ct);
        await using var store = ObjectStores.Open(StoreAddress.Parse($"gs://{bucket}"),
            new StoreOptions { Gcs = face.Options }, new NoLinkHost(), TimeProvider.System);
        var about = $"/storage/v1/b/{bucket}";

        await ExpectAsync(PrivacyVerdict.Unknown, "storage.buckets.get and storage.buckets.getIamPolicy");
        face.Json[about] = (200, Settings("enforced", uniform: false));
        await ExpectAsync(PrivacyVerdict.Private, "public access prevention");
        face.Json[about] = (200, Settings("inherited", uniform: true));
        await ExpectAsync(PrivacyVerdict.Unknown, "lacks storage.buckets.getIamPolicy");
        face.Json[about + "/iam"] = (200, Policy("user:me@example.com"));
        await ExpectAsync(PrivacyVerdict.Private, "neither");
        face.Json[about + "/iam"] = (200, Policy("user:me@example.com", "allUsers"));
        await ExpectAsync(PrivacyVerdict.Public, "roles/storage.objectViewer");
        face.Json[about] = (200, Settings("inherited", uniform: false));
        face.Json[about + "/iam"] = (200, Policy());
        face.Json[about + "/defaultObjectAcl"] = (200,
            new JsonObject { ["items"] = new JsonArray(new JsonObject { ["entity"] = "allUsers" }) });
        await ExpectAsync(PrivacyVerdict.Public, "default access list");

        async Task ExpectAsync(PrivacyVerdict verdict, string why)
        {
            var told = await store.Bucket!.FindPrivacyAsync(Ct);
            Assert.Equal(verdict, told.Verdict);
            Assert.Contains(why, told.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_fault_holds_a_token_or_the_key()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = await OpenAsync(face);
        await store.CheckAsync(Ct);
        face.Instead = _ => (401, "<Error><Code>AuthenticationRequired</Code><Message>Bearer "
            + $"{face.Account.Tokens[^1]} is no good.</Message></Error>");

        var fault = await FaultOfAsync(() => store.CheckAsync(Ct));

        Assert.Equal("storage.gcs_token_refused", fault.Code);
        foreach (var secret in face.Account.Tokens.Concat(face.Account.KeyLines))
            Assert.DoesNotContain(secret, fault.ToString(), StringComparison.Ordinal);
    }

    private static JsonObject Settings(string prevention, bool uniform) => new()
    {
        ["iamConfiguration"] = new JsonObject
        {
            ["publicAccessPrevention"] = prevention,
            ["uniformBucketLevelAccess"] = new JsonObject { ["enabled"] = uniform },
        },
    };

    private static JsonObject Policy(params string[] members) => new()
    {
        ["bindings"] = new JsonArray(new JsonObject
        {
            ["role"] = "roles/storage.objectViewer",
            ["members"] = new JsonArray([.. members.Select(one => JsonValue.Create(one))]),
        }),
    };

    private async Task<IObjectStore> OpenAsync(GcsFace face) => ObjectStores.Open(
        StoreAddress.Parse($"gs://{await swift.MakeBucketAsync(Ct)}/dumps"), new StoreOptions { Gcs = face.Options },
        new NoLinkHost(), TimeProvider.System);

    private static Task<StoredObject> PutAsync(IObjectStore store, string key, string text) =>
        store.PutAsync(key, new ObjectUpload(new MemoryStream(Encoding.UTF8.GetBytes(text))), Ct);

    private static async Task<Fault> FaultOfAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<FaultException>(action)).Fault;

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
