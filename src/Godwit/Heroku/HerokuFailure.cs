using System.Net;
using System.Security.Authentication;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>One failed attempt, and whether the call may be sent again.</summary>
/// <param name="nothingDone">Heroku certainly did not begin: even a call that creates something may be sent
/// again.</param>
#pragma warning disable CA1032, CA1064 // It never leaves HerokuHttp.
internal sealed class HerokuFailure(Fault fault, bool nothingDone, Exception? cause = null)
    : Exception(fault.What, cause), IAsksToWait
{
    public Fault Fault => fault;

    public bool NothingDone => nothingDone;

    public TimeSpan? Wait { get; private init; }

    // A rate limit is met before the call is looked at; after any other error Heroku may have done a part of it.
    public static HerokuFailure FromAnswer(HerokuAnswer answer, Fault fault, HerokuOptions options)
    {
        var isRateLimit = answer.Status == HttpStatusCode.TooManyRequests;
        return new(fault, nothingDone: isRateLimit)
        {
            Wait = answer.RetryAfter ?? (isRateLimit ? options.RateLimitPause : null),
        };
    }

    public static HerokuFailure FromTimeout(
        HerokuCall call, string host, HerokuOptions options, OperationCanceledException e)
    {
        // Only the connect time-out has this inner exception; then nothing was sent.
        if (e.InnerException is TimeoutException)
        {
            var why = $"it did not stand within {options.ConnectTimeout.TotalSeconds:0.#} s";
            return new(HerokuFaults.Unreachable(call.Purpose, host, why), nothingDone: true, e);
        }

        var fault = call.MayRepeat
            ? HerokuFaults.Timeout(call.Purpose, host, options.RequestTimeout)
            : HerokuFaults.AnswerLost(call.Purpose, $"none within {options.RequestTimeout.TotalSeconds:0.#} s");
        return new(fault, nothingDone: false, e);
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
        return new(fault, nothingDone, e);
    }
}
