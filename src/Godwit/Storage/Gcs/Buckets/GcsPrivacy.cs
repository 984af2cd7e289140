using System.Net;
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.Gcs.Buckets;

/// <summary>Whether a bucket is public, by its public access prevention, its IAM policy and its access lists, as far as
/// the account may read them.</summary>
internal sealed class GcsPrivacy(GcsJson json)
{
    private static readonly string[] Everybody = ["allUsers", "allAuthenticatedUsers"];

    public async Task<StorePrivacy> FindAsync(CancellationToken ct)
    {
        var settings = await AskAsync("?fields=iamConfiguration", "storage.buckets.get", ct);
        var access = settings.Answer?["iamConfiguration"];
        if ((string?)access?["publicAccessPrevention"] == "enforced")
            return new(PrivacyVerdict.Private, "public access prevention is enforced on it");
        // Policies with conditions need version 3; below, the request is refused.
        var policy = await AskAsync("/iam?optionsRequestedPolicyVersion=3", "storage.buckets.getIamPolicy", ct);
        if (RoleOfEverybody(policy.Answer) is { } role)
            return new(PrivacyVerdict.Public, $"its IAM policy gives {role} to everybody");
        var isUniform = (bool?)access?["uniformBucketLevelAccess"]?["enabled"] == true;
        var lists = isUniform ? new(null, null) : await AskAsync("/defaultObjectAcl",
            "storage.buckets.getIamPolicy", ct);
        if ((lists.Answer?["items"] as JsonArray)?.Any(one => Everybody.Contains((string?)one?["entity"])) == true)
            return new(PrivacyVerdict.Public, "its default access list lets everybody read every new object");
        var refused = new[] { settings.Refused, policy.Refused, lists.Refused }.OfType<string>().Distinct().ToList();
        return refused.Count == 0
            ? new(PrivacyVerdict.Private, "neither a role nor an access list opens it to everybody")
            : new(PrivacyVerdict.Unknown, $"{json.Key.Account} lacks {string.Join(" and ", refused)} on the bucket");
    }

    private static string? RoleOfEverybody(JsonObject? policy) => (policy?["bindings"] as JsonArray)?
        .FirstOrDefault(one =>
            (one?["members"] as JsonArray)?.Any(member => Everybody.Contains((string?)member)) == true)
        ?["role"]?.ToString();

    /// <returns>Neither an answer nor a refusal when there is no such setting.</returns>
    private async Task<Answered> AskAsync(string what, string permission, CancellationToken ct)
    {
        var answer = await json.CallAsync(HttpMethod.Get, $"/b/{json.Address.Bucket}{what}", null, ct);
        if (answer.Status == HttpStatusCode.NotFound && what.StartsWith('?'))
            throw new FaultException(GcsFaults.BucketMissing(json.Address.Bucket));
        return new(answer.Status == HttpStatusCode.OK ? answer.Body : null,
            answer.Status == HttpStatusCode.Forbidden ? permission : null);
    }

    private sealed record Answered(JsonObject? Answer, string? Refused);
}
