using System.Net.Sockets;
using System.Security.Authentication;
using Godwit.Faults;

namespace Godwit.Storage.Calls;

internal static class NetworkErrors
{
    /// <summary>Services accept 15 minutes; half of that already means that nobody keeps the clock right.
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (RequestTimeTooSkewed)</summary>
    public static readonly TimeSpan SkewTolerated = TimeSpan.FromMinutes(7);

    public static bool IsTransient(Exception e) => e switch
    {
        OperationCanceledException => false,
        TimeoutException => true,
        _ => e.Find<AuthenticationException>() is null
            && (e.Find<HttpRequestException>() is not null || e.Find<SocketException>() is not null
                || e.Find<IOException>() is not null),
    };

    /// <returns>Null: no network error.</returns>
    public static Fault? ToFault(Exception e, string store, string endpoint)
    {
        if (e is TimeoutException)
            return StorageFaults.Silent(store, endpoint, e.Message);
        if (e.Find<AuthenticationException>() is { } tls)
            return StorageFaults.TlsRefused(endpoint, Clean(tls.Innermost()));
        if (e.Find<SocketException>()
            is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain })
            return StorageFaults.UnknownHost(store, endpoint);
        if (e.Find<HttpRequestException>() is { HttpRequestError: HttpRequestError.NameResolutionError })
            return StorageFaults.UnknownHost(store, endpoint);
        return IsTransient(e) ? StorageFaults.Unreachable(store, endpoint, Clean(e.Innermost())) : null;
    }

    /// <param name="skew">Our clock minus the service's.</param>
    public static string InWords(TimeSpan skew)
    {
        var size = skew.Duration();
        var amount = size.TotalHours >= 2 ? $"{size.TotalHours:0} hours" : size.TotalMinutes >= 2
            ? $"{size.TotalMinutes:0} minutes" : $"{size.TotalSeconds:0} seconds";
        return $"{amount} {(skew < TimeSpan.Zero ? "behind" : "ahead of")}";
    }

    /// <summary>In one line, without a full stop.</summary>
    public static string Clean(Exception e) => Redactor.Clean(e.Message.ReplaceLineEndings(" ")).TrimEnd('.', ' ');
}
