using System.Net;
using System.Net.Http.Headers;
using Godwit.Faults;

namespace Godwit.Storage.Gcs;

/// <summary>Translates between the SDK, which speaks Amazon's S3, and Google: sets the token, renames headers, and
/// shows Google's checksum to the SDK.</summary>
/// <remarks>With a token, Google expects its own header names; with Amazon's kind of signature, Amazon's.
/// https://cloud.google.com/storage/docs/migrating,
/// https://cloud.google.com/storage/docs/aws-simple-migration</remarks>
/// <param name="tokens">Null: the SDK signs with an HMAC key.</param>
internal sealed class GcsDialect(GcsTokens? tokens) : DelegatingHandler
{
    private const string TheirMetadata = "x-amz-meta-";
    private const string OurMetadata = "x-goog-meta-";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = tokens is null ? null : await tokens.GetAsync(cancellationToken);
        if (token is not null)
            Translate(request.Headers, token);
        var answer = await base.SendAsync(request, cancellationToken);
        // A retry gets a new token.
        if (token is not null && answer.StatusCode == HttpStatusCode.Unauthorized)
            tokens!.Drop(token);
        TranslateBack(answer.Headers, isHead: request.Method == HttpMethod.Head);
        return answer;
    }

    private static void Translate(HttpRequestHeaders headers, Secret token)
    {
        foreach (var (name, values) in headers.ToList())
        {
            if (name.StartsWith(TheirMetadata, StringComparison.OrdinalIgnoreCase))
                headers.TryAddWithoutValidation(OurMetadata + name[TheirMetadata.Length..], values);
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("amz-sdk-", StringComparison.OrdinalIgnoreCase))
                headers.Remove(name);
        }

        headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
    }

    private static void TranslateBack(HttpResponseHeaders headers, bool isHead)
    {
        foreach (var (name, values) in headers.ToList())
        {
            if (name.StartsWith(OurMetadata, StringComparison.OrdinalIgnoreCase))
                headers.TryAddWithoutValidation(TheirMetadata + name[OurMetadata.Length..], values);
        }

        // Only for HEAD: the SDK might check a body against it, and a range does not have the checksum of the whole.
        if (isHead && FindChecksum(headers) is { } checksum)
            headers.TryAddWithoutValidation("x-amz-checksum-crc32c", checksum);
    }

    // Example: "x-goog-hash: crc32c=n03x6A==,md5=Ojk9c3dhfxgoKVVHYwFbHQ==", in one header or in two.
    private static string? FindChecksum(HttpResponseHeaders headers) =>
        headers.TryGetValues("x-goog-hash", out var values)
            ? values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))
                .Where(hash => hash.StartsWith("crc32c=", StringComparison.Ordinal))
                .Select(hash => hash["crc32c=".Length..]).FirstOrDefault()
            : null;
}
