using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Godwit.Faults;
using Godwit.Storage.Buckets;

namespace Godwit.Storage.Gcs.Buckets;

/// <summary>Makes a bucket with public access prevention and lifecycle rules. A single request sets everything, so no
/// half-made bucket can remain.</summary>
/// <param name="json">Null with an HMAC key.</param>
internal sealed class GcsCreation(GcsStore store, StoreAddress.Gcs address, GcsOptions options, GcsJson? json)
{
    private const string Kind = "bucket";

    public async Task<bool> ExistsAsync(CancellationToken ct)
    {
        try
        {
            await store.CheckAsync(ct);
            return true;
        }
        catch (FaultException e) when (e.Fault.Code == "storage.gcs_bucket_missing")
        {
            return false;
        }
        // Names are unique among all customers, and a missing bucket gives 404 to everybody. So 403 means that the name
        // is taken.
        catch (FaultException e) when (e.Fault.Code == "storage.gcs_forbidden")
        {
            throw new FaultException(CreationFaults.Taken(Kind, address.Bucket, options.Endpoint), e);
        }
    }

    public async Task<StoreCreation> CreateAsync(StoreUse use, CancellationToken ct)
    {
        if (await ExistsAsync(ct))
            return new(false);
        if (json is not { Key: { Project: { } project } key })
            throw new FaultException(GcsFaults.CannotCreate(address.Bucket,
                json is null ? "an HMAC key" : "a key file that names no project"));
        if (options.Location is not { } location)
            throw new FaultException(GcsFaults.LocationMissing(address.Bucket));
        var answer = await json.CallAsync(HttpMethod.Post, $"/b?project={Uri.EscapeDataString(project)}",
            Request(location, use), ct);
        return answer.Status switch
        {
            HttpStatusCode.OK => ToResult(answer.Body, use),
            // Somebody with our rights made it first, or the name is taken.
            HttpStatusCode.Conflict => await ExistsAsync(ct)
                ? new(false) : throw new FaultException(CreationFaults.Taken(Kind, address.Bucket, options.Endpoint)),
            HttpStatusCode.Forbidden => throw new FaultException(CreationFaults.MayNotCreate(Kind, address.Bucket,
                $"storage.buckets.create in the project {project} for {key.Account}")),
            _ => throw new FaultException(CreationFaults.BadName(Kind, address.Bucket,
                $"Google does not take it: {answer.Said}")),
        };
    }

    private string Ours => (address.Prefix.Length == 0 ? "" : address.Prefix + "/") + GodwitKeys.Prefix;

    private JsonObject Request(string location, StoreUse use)
    {
        var request = new JsonObject
        {
            ["name"] = address.Bucket,
            ["location"] = location,
            ["iamConfiguration"] = new JsonObject
            {
                ["uniformBucketLevelAccess"] = new JsonObject { ["enabled"] = true },
                ["publicAccessPrevention"] = "enforced",
            },
        };
        var abort = Rule("AbortIncompleteMultipartUpload", StoreCreation.UploadDays, prefix: null);
        if (use == StoreUse.Keeping)
        {
            // Google's default soft delete stays on: here it can save a backup.
            request["lifecycle"] = new JsonObject { ["rule"] = new JsonArray(abort) };
            return request;
        }

        // Without soft delete, a deleted dump is gone and costs nothing more.
        // https://cloud.google.com/storage/docs/soft-delete
        request["softDeletePolicy"] = new JsonObject { ["retentionDurationSeconds"] = "0" };
        request["lifecycle"] =
            new JsonObject { ["rule"] = new JsonArray(Rule("Delete", StoreCreation.ObjectDays, Ours), abort) };
        return request;
    }

    // https://cloud.google.com/storage/docs/lifecycle
    private static JsonObject Rule(string action, int days, string? prefix)
    {
        var condition = new JsonObject { ["age"] = days };
        if (prefix is not null)
            condition["matchesPrefix"] = new JsonArray(prefix);
        return new JsonObject { ["action"] = new JsonObject { ["type"] = action }, ["condition"] = condition };
    }

    // Reports only the settings that the answer confirms.
    private StoreCreation ToResult(JsonObject made, StoreUse use)
    {
        var protections = new List<string>();
        var notes = new List<string>();
        Tell((string?)made["iamConfiguration"]?["publicAccessPrevention"] == "enforced",
            "public access prevention is enforced on it", "public access prevention is not enforced on it");
        Tell((bool?)made["iamConfiguration"]?["uniformBucketLevelAccess"]?["enabled"] == true,
            "only roles give access to it, no access lists", "access lists work beside roles");
        var rules = (made["lifecycle"]?["rule"] as JsonArray)?.Count;
        var uploads = string.Create(CultureInfo.InvariantCulture,
            $"unfinished uploads are deleted after {StoreCreation.UploadDays} days");
        if (use == StoreUse.Keeping)
        {
            Tell(rules == 1, uploads, "it has no rule that deletes unfinished uploads");
        }
        else
        {
            var objects = string.Create(CultureInfo.InvariantCulture,
                $"what is named {Ours}… is deleted after {StoreCreation.ObjectDays} days, {uploads}");
            Tell(rules == 2, objects, "it has no rule that deletes what is forgotten");
            Tell(made["softDeletePolicy"]?["retentionDurationSeconds"]?.ToString() is null or "0",
                "what is deleted is gone at once", "what is deleted can be restored for some days, and is paid for");
        }

        protections.Add("Google encrypts what lies in it");
        return new(true) { Protections = protections, Notes = notes };

        void Tell(bool isSo, string good, string bad) => (isSo ? protections : notes).Add(isSo ? good : bad);
    }
}
