using System.Globalization;
using Godwit.HerokuLocal.Http;
using Microsoft.AspNetCore.Http;

namespace Godwit.HerokuLocal.Trouble;

/// <summary>Holds the faults to simulate and counts their uses. They can be added and cleared while the server
/// runs.</summary>
internal sealed class FaultSimulator(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<Order> _orders = [];

    public void Add(string spec)
    {
        var parsed = TroubleSpec.Parse(spec);
        lock (_lock)
            _orders.Add(new(parsed));
    }

    public void Clear()
    {
        lock (_lock)
            _orders.Clear();
    }

    /// <summary>The fault due now, which counts as used; null: none.</summary>
    public TroubleSpec? Take(string target, string effect) => TakeFirst(s => s.Target == target && s.Effect == effect);

    /// <summary>Does not count: for states, not events.</summary>
    public TroubleSpec? Peek(string target, string effect)
    {
        lock (_lock)
            return _orders.Find(o => o.Spec.Target == target && o.Spec.Effect == effect)?.Spec;
    }

    /// <summary>Any fault for the target is set.</summary>
    public bool Knows(string target)
    {
        lock (_lock)
            return _orders.Exists(order => order.Spec.Target == target);
    }

    /// <summary>False: the request was answered, or its connection cut.</summary>
    public async Task<bool> ApplyAsync(HttpContext context)
    {
        var request = context.Request;
        var spec = TakeFirst(s => s.Target == "http" && s.Fits(request.Method, request.Path.Value ?? "")
            && (s.Effect != "two-factor" || !request.Headers.ContainsKey("Heroku-Two-Factor-Code")));
        switch (spec?.Effect)
        {
            case "slow":
                await Task.Delay(spec.Delay, clock, context.RequestAborted);
                return true;
            case "cut":
                context.Abort();
                return false;
            case "two-factor":
                throw new ApiException(403, "two_factor",
                    "A second authentication factor or pre-authorization is required for this request. "
                    + "Your account has either two-factor or a Yubikey registered.");
            case "status" when spec.Number == 429:
                throw TooMany(spec.RetryAfter);
            case "status":
                throw new ApiException(spec.Number, spec.Number < 500 ? "ordered_failure" : "internal_server_error",
                    "Internal server error.");
            default:
                return true;
        }
    }

    public static ApiException TooMany(TimeSpan retryAfter) => new(429, "rate_limit",
        "Your account reached the API rate limit. Please wait a few minutes before making new requests.")
    {
        Headers = new Dictionary<string, string>
        {
            ["Retry-After"] = retryAfter.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
        },
    };

    private TroubleSpec? TakeFirst(Func<TroubleSpec, bool> fits)
    {
        lock (_lock)
        {
            foreach (var order in _orders.Where(o => fits(o.Spec)))
            {
                var seen = order.Seen++;
                if (seen >= order.Spec.After && seen - order.Spec.After < order.Spec.Count)
                    return order.Spec;
            }

            return null;
        }
    }

    private sealed class Order(TroubleSpec spec)
    {
        public TroubleSpec Spec => spec;

        public int Seen { get; set; }
    }
}
