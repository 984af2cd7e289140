using System.Globalization;

namespace Godwit.HerokuLocal.Transfers;

/// <summary>For a restore, as Heroku does: a plain GET without credentials.</summary>
internal sealed class ArchiveDownload : IDisposable
{
    private const int BufferBytes = 1 << 17;

    // After such a silence, a store is considered gone.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = NewClient(usesProxy: true);

    // A proxy would look for a local file on its own 127.0.0.1.
    private readonly HttpClient _direct = NewClient(usesProxy: false);

    /// <param name="bytesMax">The plan's storage: a larger archive cannot fit.</param>
    /// <exception cref="TransferException">Missing, forbidden, too large, or cut short.</exception>
    public async Task<long> FetchAsync(string url, string file, long bytesMax, CancellationToken ct)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(SilenceMax);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var answer = await (request.RequestUri!.IsLoopback ? _direct : _client).SendAsync(request,
                HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (!answer.IsSuccessStatusCode)
                throw new TransferException("Could not download the backup: the server answered "
                    + $"{((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)} {answer.ReasonPhrase}");
            var announced = answer.Content.Headers.ContentLength;
            if (announced > bytesMax)
                throw TooLarge(bytesMax);
            await using var source = await answer.Content.ReadAsStreamAsync(silence.Token);
            await using var target = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, Options = FileOptions.Asynchronous,
            });
            var buffer = new byte[BufferBytes];
            long total = 0;
            int read;
            while ((read = await source.ReadAsync(buffer, silence.Token)) > 0)
            {
                silence.CancelAfter(SilenceMax);
                total += read;
                if (total > bytesMax)
                    throw TooLarge(bytesMax);
                await target.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            return announced is null || announced == total
                ? total
                : throw new TransferException($"Could not download the backup: {total} of {announced} bytes arrived");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException
            or InvalidOperationException or NotSupportedException)
        {
            throw new TransferException($"Could not download the backup: {Faults.Redactor.Clean(e.Message)}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TransferException(
                $"Could not download the backup: the server was silent for {SilenceMax.TotalSeconds:0} s");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _direct.Dispose();
    }

#pragma warning disable CA2000 // The client disposes its handler.
    private static HttpClient NewClient(bool usesProxy) => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(15), MaxAutomaticRedirections = 5, UseProxy = usesProxy,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
#pragma warning restore CA2000

    private static TransferException TooLarge(long bytesMax) =>
        new($"The backup is larger than the {Data.DataShapes.Size(bytesMax)} of the plan");
}
