using Godwit.Faults;

namespace Godwit.Storage.Download;

#pragma warning disable CA2000 // The source goes with the stream.
/// <summary>Reads from a web server or a signed link: in ranges if the server supports them, else as one
/// stream.</summary>
public static class UrlDownload
{
    /// <summary>The text is meant as a URL, well-formed or not.</summary>
    public static bool IsOne(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>For display, without the query, which is the secret part.</summary>
    /// <exception cref="FaultException">The URL is malformed, or holds a password.</exception>
    public static string NameOf(Secret url) => UrlSource.NameOf(Parse(url));

    /// <summary>The URL has a query, so that anyone who sees it may be able to fetch the object.</summary>
    public static bool OpensSomething(Secret url) => Parse(url).Query.Length > 1;

    /// <remarks>Disposing the stream cancels its requests.</remarks>
    public static Task<Downloaded> OpenAsync(Secret url, TimeProvider clock, CancellationToken ct) =>
        OpenAsync(url, DownloadPlan.Default, clock, ct);

    internal static async Task<Downloaded> OpenAsync(
        Secret url, DownloadPlan plan, TimeProvider clock, CancellationToken ct)
    {
        var source = new UrlSource(Parse(url), clock);
        try
        {
            return await source.StartAsync(ct) switch
            {
                { Whole: { } whole } start =>
                    new(new WholeStream(source, whole, clock), start.SizeBytes) { CanResume = false },
                { SizeBytes: var size } =>
                    new(new RangesStream(source, size ?? 0, plan, check: null, clock, owned: source), size)
                    {
                        PieceAsync = (offset, length, _) =>
                            Task.FromResult<Stream>(RangesStream.OfPiece(source, offset, length, clock)),
                    },
            };
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static Uri Parse(Secret url)
    {
        if (!Uri.TryCreate(url.Reveal().Trim(), UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            throw new FaultException(UrlFaults.Malformed());
        if (parsed.UserInfo.Length > 0)
            throw new FaultException(UrlFaults.WithPassword(UrlSource.NameOf(parsed)));
        return parsed;
    }

    // The answer of a server without ranges. It cannot resume.
    private sealed class WholeStream(UrlSource source, Stream body, TimeProvider clock) : ForwardOnlyStream
    {
        private long _given;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                using var attempt = new Calls.StoreAttempt(Calls.StoreRetry.StallMax, clock, cancellationToken);
                var read = await attempt.RunAsync(() => body.ReadAsync(buffer, attempt.Token).AsTask());
                _given += read;
                return read;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException or FaultException)
            {
                throw new FaultException(
                    UrlFaults.Broken(source.Name, _given, Calls.NetworkErrors.Clean(e.InnerException ?? e)), e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
