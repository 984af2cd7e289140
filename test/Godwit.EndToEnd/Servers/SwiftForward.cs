using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Godwit.EndToEnd.Servers;

/// <summary>Passes a request on to Swift, signed with Swift's own keys as by any S3 client. Translates Google's header
/// names to Amazon's, and back.</summary>
internal sealed class SwiftForward(SwiftServer swift) : IDisposable
{
    private const string Google = "x-goog-meta-";
    private const string Amazon = "x-amz-meta-";

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(one => (uint)Enumerable.Range(0, 8)
        .Aggregate((uint)one, (crc, _) => (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1))];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public void Dispose() => _http.Dispose();

    public async Task PassAsync(HttpContext context, string target, bool falsify)
    {
        var query = target.IndexOf("?X-Goog-", StringComparison.Ordinal);
        var bare = query < 0 ? target : target[..query];
        var method = new HttpMethod(context.Request.Method);
        using var request = Sign(method, bare, [.. context.Request.Headers
            .Where(header => header.Key.StartsWith(Google, StringComparison.OrdinalIgnoreCase))
            .Select(header => (Amazon + header.Key[Google.Length..].ToLowerInvariant(), header.Value.ToString()))]);
        if (context.Request.ContentLength is { } length)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentLength = length;
            foreach (var name in new[] { "Content-Type", "Content-MD5" })
            {
                if ((string?)context.Request.Headers[name] is { } value)
                    request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        foreach (var name in new[] { "Range", "If-Match" })
        {
            if ((string?)context.Request.Headers[name] is { } value)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
            context.RequestAborted);
        await AnswerAsync(context, answer, bare, falsify);
    }

    private async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, string bare, bool falsify)
    {
        var isObject = bare.Count(c => c == '/') > 1 && !bare.Contains('?', StringComparison.Ordinal);
        var to = context.Response;
        to.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name.StartsWith(Amazon, StringComparison.OrdinalIgnoreCase))
                to.Headers[Google + name[Amazon.Length..]] = string.Join(',', values);
            else if (name is "Last-Modified" or "Content-Type" or "Content-Length" or "Content-Range"
                or "Accept-Ranges" or "ETag")
                to.Headers[name] = string.Join(',', values);
        }

        if (isObject && answer.IsSuccessStatusCode && HttpMethods.IsHead(context.Request.Method))
            to.Headers["x-goog-hash"] = $"crc32c={await ChecksumAsync(bare, falsify, context.RequestAborted)}";

        if (!HttpMethods.IsHead(context.Request.Method))
            await answer.Content.CopyToAsync(to.Body, context.RequestAborted);
    }

    private async Task<string> ChecksumAsync(string target, bool falsify, CancellationToken ct)
    {
        using var request = Sign(HttpMethod.Get, target, []);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(ct);
        var crc = uint.MaxValue;
        var buffer = new byte[256 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, ct)) > 0;)
        {
            foreach (var one in buffer.AsSpan(0, read))
                crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        }

        crc = falsify ? crc : ~crc;
        return Convert.ToBase64String([(byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc]);
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    private HttpRequestMessage Sign(HttpMethod method, string target, IReadOnlyList<(string Name, string Value)> more)
    {
        const string Region = "us-east-1";
        var time = TimeProvider.System.GetUtcNow().UtcDateTime
            .ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{Region}/s3/aws4_request";
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var query = question < 0 ? [] : target[(question + 1)..].Split('&')
            .Select(one => one.Contains('=', StringComparison.Ordinal) ? one : one + "=");
        var headers = more.Append(("host", $"127.0.0.1:{swift.Port}"))
            .Append(("x-amz-content-sha256", "UNSIGNED-PAYLOAD")).Append(("x-amz-date", time))
            .OrderBy(header => header.Item1, StringComparer.Ordinal).ToList();
        var names = string.Join(';', headers.Select(header => header.Item1));
        var canonical = $"{method}\n{path}\n{string.Join('&', query.Order(StringComparer.Ordinal))}\n"
            + $"{string.Concat(headers.Select(header => $"{header.Item1}:{header.Item2.Trim()}\n"))}\n{names}\n"
            + "UNSIGNED-PAYLOAD";
        var what = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { time[..8], Region, "s3", "aws4_request" }.Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + SwiftServer.Keys.Key.Reveal()),
            (one, text) => HMACSHA256.HashData(one, Encoding.UTF8.GetBytes(text)));
        var request = new HttpRequestMessage(method, new Uri(swift.Endpoint + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers.Where(header => header.Item1 != "host"))
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"AWS4-HMAC-SHA256 Credential={SwiftServer.Keys.Id}/{scope}, SignedHeaders={names}, "
            + $"Signature={Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(what)))}");
        return request;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
