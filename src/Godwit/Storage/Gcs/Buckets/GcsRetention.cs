using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.Storage.Buckets;
using Godwit.Storage.S3;

namespace Godwit.Storage.Gcs.Buckets;

/// <summary>Finds what a bucket keeps of deleted or replaced objects: old versions (object versioning) and, for some
/// days, deleted objects (soft delete). https://cloud.google.com/storage/docs/object-versioning,
/// https://cloud.google.com/storage/docs/soft-delete and
/// https://cloud.google.com/storage/docs/json_api/v1/objects/list</summary>
internal sealed class GcsRetention(GcsJson json, S3Connection s3, TimeProvider clock)
{
    // Pages of 1,000 objects each; Godwit does not make more.
    private const int PagesMax = 20;

    private string Objects => $"/b/{json.Address.Bucket}/o";

    /// <returns>Empty also when these keys may not list versions: <see cref="FindDeletedAsync"/> reports
    /// that.</returns>
    public async Task<IReadOnlyList<OldVersion>> FindVersionsAsync(string prefix, CancellationToken ct)
    {
        var found = new List<OldVersion>();
        await foreach (var (answer, one) in ListAsync("versions=true", prefix, "name,generation,size,timeDeleted", ct))
        {
            if (answer.Status == HttpStatusCode.OK && Time(one["timeDeleted"]) is { } at)
                found.Add(new(KeyOf(one), (string?)one["generation"] ?? "", Number(one["size"]), at, IsMarker: false));
        }

        return found;
    }

    public async Task DeleteVersionAsync(OldVersion version, CancellationToken ct)
    {
        var name = Uri.EscapeDataString(s3.FullKey(version.Key));
        var answer = await json.CallAsync(
            HttpMethod.Delete, $"{Objects}/{name}?generation={Uri.EscapeDataString(version.Id)}", null, ct);
        if (answer.Status is HttpStatusCode.Forbidden)
        {
            throw new FaultException(GcsFaults.Forbidden($"{json.Address}", json.Address.Bucket, json.Key.Account,
                $"storage.objects.delete for an old version ({answer.Said})"));
        }

        // Not found: somebody else has already deleted the version.
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound))
            throw new FaultException(StorageFaults.Unavailable($"{json.Address}", answer.Said));
    }

    public async Task<RetainedObject.SoftDeleted?> FindDeletedAsync(string key, CancellationToken ct)
    {
        var bucket = await json.CallAsync(
            HttpMethod.Get, $"/b/{json.Address.Bucket}?fields=softDeletePolicy,versioning", null, ct);
        if (bucket.Status != HttpStatusCode.OK)
            return await FindListedAsync(key, bucket, ct);
        if ((bool?)bucket.Body["versioning"]?["enabled"] == true)
            await RequireVersionsSeenAsync(key, ct);
        return Number(bucket.Body["softDeletePolicy"]?["retentionDurationSeconds"]) is > 0 and var seconds
            ? Kept(clock.GetUtcNow().AddSeconds(seconds))
            : null;
    }

    // The right to list objects includes deleted ones, without the right to read the bucket's settings.
    private async Task<RetainedObject.SoftDeleted?> FindListedAsync(string key, GcsAnswer refused, CancellationToken ct)
    {
        RetainedObject.SoftDeleted? found = null;
        await foreach (var (answer, one) in ListAsync("softDeleted=true", key, "name,hardDeleteTime", ct))
        {
            if (answer.Status != HttpStatusCode.OK)
            {
                throw new FaultException(StorageFaults.DeletedUnseen($"{json.Address}",
                    $"{json.Key.Account} may read neither the bucket's settings (storage.buckets.get) nor a list of "
                    + $"deleted objects: {refused.Said}"));
            }

            if (KeyOf(one) == key && Time(one["hardDeleteTime"]) is { } until && !(found?.Until >= until))
                found = Kept(until);
        }

        return found;
    }

    private async Task RequireVersionsSeenAsync(string key, CancellationToken ct)
    {
        await foreach (var (answer, _) in ListAsync("versions=true", key, "name", ct))
        {
            if (answer.Status != HttpStatusCode.OK)
            {
                throw new FaultException(StorageFaults.DeletedUnseen($"{json.Address}",
                    $"the bucket keeps old versions, and {json.Key.Account} may not list them: {answer.Said}"));
            }
        }
    }

    private RetainedObject.SoftDeleted Kept(DateTimeOffset until) =>
        new(until, GcsFaults.UntilSoftDeleteEnds(json.Address.Bucket));

    private string KeyOf(JsonNode one) => ((string?)one["name"])?[s3.FullPrefix("").Length..] ?? "";

    private static DateTimeOffset? Time(JsonNode? text) => DateTimeOffset.TryParse(
        (string?)text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // Google writes 64-bit integers as strings.
    private static long Number(JsonNode? text) =>
        long.TryParse(text?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <returns>Each object with its page's answer; a refused page once, with an empty object.</returns>
    private async IAsyncEnumerable<(GcsAnswer Answer, JsonNode One)> ListAsync(
        string which, string prefix, string fields, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        for (var pages = 0; pages < PagesMax && (pages == 0 || next is not null); pages++)
        {
            var page = next is null ? "" : $"&pageToken={Uri.EscapeDataString(next)}";
            var answer = await json.CallAsync(HttpMethod.Get,
                $"{Objects}?{which}&prefix={Uri.EscapeDataString(s3.FullPrefix(prefix))}"
                + $"&fields=items({fields}),nextPageToken{page}", null, ct);
            if (answer.Status != HttpStatusCode.OK)
                yield return (answer, new JsonObject());
            foreach (var one in (answer.Body["items"] as JsonArray ?? []).OfType<JsonObject>())
                yield return (answer, one);
            next = (string?)answer.Body["nextPageToken"];
        }
    }
}
