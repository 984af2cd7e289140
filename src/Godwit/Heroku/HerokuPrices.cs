using System.Globalization;
using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Heroku's current prices, or those of <see cref="HerokuPlanSize"/>.</summary>
public sealed class HerokuPrices
{
    // Heroku answers in a fraction of a second. Otherwise the table is good enough: nobody should wait for a price.
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(5);

    /// <remarks>https://devcenter.heroku.com/articles/usage-and-billing</remarks>
    private const decimal HoursPerMonth = 720;

    private readonly IReadOnlyDictionary<string, HerokuPlan>? _live;

    private HerokuPrices(IReadOnlyDictionary<string, HerokuPlan>? live) => _live = live;

    /// <summary>For people.</summary>
    public string Source => _live is null ? $"as published in {HerokuPlanSize.AsOf}" : "as Heroku says now";

    /// <param name="heroku">Null: uses the table.</param>
    public static async Task<HerokuPrices> FindAsync(HerokuClient? heroku, CancellationToken ct)
    {
        if (heroku is null)
            return new(null);
        using var limit = new TimeLimit(AskMax, heroku.Clock, ct);
        try
        {
            var plans = await heroku.ListPlansAsync(limit.Token);
            return new(plans.GroupBy(plan => plan.ShortName, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal));
        }
        catch (Exception e) when (e is FaultException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return new(null);
        }
    }

    /// <summary>False: Heroku's own list does not have it.</summary>
    /// <param name="plan">Short name.</param>
    public bool MayHave(string plan) => _live?.ContainsKey(plan) != false;

    /// <summary><c>$9 a month</c>; empty when not public.</summary>
    public string Of(string plan) =>
        Dollars(plan) is { } dollars ? $"${dollars.ToString("#,0.##", CultureInfo.InvariantCulture)} a month" : "";

    /// <summary><c>$0.07 an hour</c>; empty when not public. Heroku charges by the second, up to the month's price
    /// after thirty days.</summary>
    public string PerHour(string plan) => Dollars(plan) is { } dollars
        ? $"${(dollars / HoursPerMonth).ToString("0.###", CultureInfo.InvariantCulture)} an hour" : "";

    private decimal? Dollars(string plan) => _live is null
        ? HerokuPlanSize.All.FirstOrDefault(one => one.Plan == plan)?.Dollars
        : _live.TryGetValue(plan, out var found) && found.Price is { Cents: > 0 and var cents, Unit: null or "month" }
        ? cents / 100m : null;
}
