using System.Net;
using System.Security.Authentication;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>A failed attempt, and whether the call may be sent again.</summary>
/// <param name="NothingDone">Heroku certainly did not begin, so even a call that creates something may be sent
/// again.</param>
internal sealed record HerokuFailure(Fault Fault, bool NothingDone)
{
    public TimeSpan? RetryAfter { get; init; }

    public bool IsRateLimit { get; init; }

    public Exception? Cause { get; init; }

    // A rate limit applies before the call is handled; with any other error Heroku may have done a part of it.
    public static HerokuFailure FromAnswer(HerokuAnswer answer, Fault fault)
    {
        var isRateLimit = answer.Status == HttpStatusCode.TooManyRequests;
        return new HerokuFailure(fault, NothingDone: isRateLimit)
        {
            RetryAfter = answer.RetryAfter, IsRateLimit = isRateLimit,
        };
    }

    public static HerokuFailure FromTimeout(
        HerokuCall call, string host, HerokuOptions options, OperationCanceledException e)
    {
        // Only the connect time-out has this inner exception; then nothing was sent.
        if (e.InnerException is TimeoutException)
        {
            var why = $"it did not stand within {options.ConnectTimeout.TotalSeconds:0.#} s";
            return new HerokuFailure(HerokuFaults.Unreachable(call.Purpose, host, why), NothingDone: true)
            {
                Cause = e,
            };
        }

        var fault = call.MayRepeat
            ? HerokuFaults.Timeout(call.Purpose, host, options.RequestTimeout)
            : HerokuFaults.AnswerLost(call.Purpose, $"none within {options.RequestTimeout.TotalSeconds:0.#} s");
        return new HerokuFailure(fault, NothingDone: false) { Cause = e };
    }

    public static HerokuFailure FromNetwork(HerokuCall call, string host, HttpRequestException e)
    {
        var why = Redactor.Clean(e.InnerException?.Message ?? e.Message, call.Secrets).TrimEnd('.');
        var (fault, nothingDone) = e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => (HerokuFaults.HostUnknown(call.Purpose, host), true),
            HttpRequestError.SecureConnectionError when e.InnerException is AuthenticationException =>
                (HerokuFaults.Tls(call.Purpose, host, why), true),
            // No connection was made, so nothing was sent.
            HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError =>
                (HerokuFaults.Unreachable(call.Purpose, host, why), true),
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse =>
                (HerokuFaults.Malformed(call.Purpose, why), false),
            _ when call.MayRepeat => (HerokuFaults.Unreachable(call.Purpose, host, why), false),
            _ => (HerokuFaults.AnswerLost(call.Purpose, why), false),
        };
        return new HerokuFailure(fault, nothingDone) { Cause = e };
    }
}
