using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Storage.Buckets;

namespace Godwit.EndToEnd.Storage;

/// <summary>A bucket that is not there yet: what is asked of Google, and what is told when Google will not.</summary>
public sealed class GcsCreationTests(SwiftServer swift)
{
    private readonly string _bucket = "godwit-new-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_asked_for_in_one_request_closed_and_emptying_itself_and_then_it_works()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = Open(face.Options with { Location = "europe-west1" });
        var creation = store.Bucket!;
        Assert.False(await creation.ExistsAsync(Ct));

        var made = await creation.CreateAsync(StoreUse.PassingThrough, Ct);

        Assert.True(made.Created);
        Assert.Empty(made.Notes);
        Assert.Contains("public access prevention is enforced on it", made.Protections);
        var (target, body) = Assert.Single(face.Posted);
        Assert.EndsWith("/b?project=godwit-test", target, StringComparison.Ordinal);
        Assert.Equal(
            $$$"""
            {"name":"{{{_bucket}}}","location":"europe-west1",
             "iamConfiguration":{"uniformBucketLevelAccess":{"enabled":true},"publicAccessPrevention":"enforced"},
             "softDeletePolicy":{"retentionDurationSeconds":"0"},
             "lifecycle":{"rule":[{"action":{"type":"Delete"},"condition":{"age":7,"matchesPrefix":["dumps/godwit-"]}},
                                  {"action":{"type":"AbortIncompleteMultipartUpload"},"condition":{"age":7}}]}}
            """.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal),
            body!.ToJsonString());
        Assert.True(await creation.ExistsAsync(Ct));
        await store.CheckWritableAsync(Ct);
        Assert.False((await creation.CreateAsync(StoreUse.PassingThrough, Ct)).Created);
        Assert.Single(face.Posted);
    }

    [Fact]
    public async Task One_for_dumps_that_are_kept_gets_no_rule_that_deletes_them()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = Open(face.Options with { Location = "EU" });

        var made = await store.Bucket!.CreateAsync(StoreUse.Keeping, Ct);

        Assert.Empty(made.Notes);
        Assert.Contains("unfinished uploads are deleted after 7 days", made.Protections);
        var body = Assert.Single(face.Posted).Body!;
        Assert.Equal("""[{"action":{"type":"AbortIncompleteMultipartUpload"},"condition":{"age":7}}]""",
            body["lifecycle"]!["rule"]!.ToJsonString());
        Assert.Null(body["softDeletePolicy"]);
    }

    [Fact]
    public async Task What_the_answer_does_not_say_is_no_protection()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = Open(face.Options with { Location = "EU" });
        face.Json["POST"] = (200,
            new JsonObject { ["softDeletePolicy"] = new JsonObject { ["retentionDurationSeconds"] = "604800" } });

        var made = await store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct);

        Assert.Equal(4, made.Notes.Count);
        Assert.Equal(["Google encrypts what lies in it"], made.Protections);
    }

    [Theory]
    [InlineData(403, "storage.creation_forbidden", "storage.buckets.create in the project godwit-test")]
    [InlineData(400, "storage.name_refused", "Invalid bucket name")]
    public async Task A_refusal_is_told(int status, string code, string says)
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = Open(face.Options with { Location = "EU" });
        face.Json["POST"] = (status,
            new JsonObject { ["error"] = new JsonObject { ["message"] = "Invalid bucket name." } });

        var fault = await FaultOfAsync(store);

        Assert.Equal(code, fault.Code);
        Assert.Contains(says, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_somebody_elses_is_told_and_nothing_is_made()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var store = Open(face.Options with { Location = "EU" });
        face.Instead = line => line.Contains("/storage/v1/", StringComparison.Ordinal) ? null
            : (403, "<Error><Code>AccessDenied</Code><Message>Access denied.</Message></Error>");

        Assert.Equal("storage.name_taken", (await FaultOfAsync(store)).Code);
        Assert.Empty(face.Posted);
    }

    [Fact]
    public async Task Without_a_location_or_with_an_HMAC_key_nothing_is_made()
    {
        await using var face = await GcsFace.StartAsync(swift, Ct);
        await using var nowhere = Open(face.Options);
        await using var hmac = Open(GcsHmacTests.HmacOptions(swift) with { Location = "EU" });

        Assert.Equal("storage.gcs_location_missing", (await FaultOfAsync(nowhere)).Code);
        var fault = await FaultOfAsync(hmac);
        Assert.Equal("storage.gcs_cannot_create", fault.Code);
        Assert.Contains($"gcloud storage buckets create gs://{_bucket}", fault.Remedy, StringComparison.Ordinal);
        Assert.Empty(face.Posted);
    }

    private IObjectStore Open(GcsOptions options) => ObjectStores.Open(
        StoreAddress.Parse($"gs://{_bucket}/dumps"), new StoreOptions { Gcs = options }, new NoLinkHost(),
        TimeProvider.System);

    private static async Task<Fault> FaultOfAsync(IObjectStore store) =>
        (await Assert.ThrowsAsync<FaultException>(() =>
            store.Bucket!.CreateAsync(StoreUse.PassingThrough, Ct))).Fault;
}
