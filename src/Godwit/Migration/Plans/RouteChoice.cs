using Godwit.Assess;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

/// <summary>Chooses the route if none is named: that of Heroku's guides, unless Heroku's restore cannot do
/// it.</summary>
public static class RouteChoice
{
    /// <summary>Looks at the source's size and the target's plan.</summary>
    /// <returns>The settings with a route, and why it is not the usual one.</returns>
    public static async Task<RunSettings> MakeAsync(
        RunSettings settings, PostgresAddress source, HerokuClient? heroku, TargetName target,
        CancellationToken ct)
    {
        if (settings.Route is not null)
            return settings;
        if (target is not HerokuTargetName named)
        {
            if (settings.Store.Address is not null)
                return settings with { Route = BackupPlan.RouteName };
            return settings with
            {
                Route = DirectPlan.RouteName,
                RouteWhy = "the target is not at Heroku, so nobody there fetches a dump from a store",
            };
        }

        try
        {
            await using var session = await PostgresSession.OpenAsync(source, ct);
            var bytes = await ServerCatalog.DatabaseBytesAsync(session, ct);
            var addOn = await new HerokuTarget(heroku!, named).FindUsableAddOnAsync(ct);
            var plan = addOn?.Plan.ShortName ?? HerokuPlanSize.ShortName(settings.Heroku.Plan);
            var why = BackupRouteLimits.WhyNot(bytes, plan, namesStore: settings.Store.Address is not null,
                settings.Accept.Codes);
            return settings with { Route = why is null ? BackupPlan.RouteName : DirectPlan.RouteName, RouteWhy = why };
        }
        catch (FaultException)
        {
            // The assessment will fail here too, and reports that with everything else it finds.
            return settings with { Route = BackupPlan.RouteName };
        }
    }

    /// <summary>The dump's flags that a route chosen by Godwit does not use: the end of a clause, or empty.</summary>
    public static string NotUsed(DumpSettings settings)
    {
        var idle = settings.Flags;
        return idle.Count == 0 ? "" : $"; {Phrase.List(idle)} {(idle.Count == 1 ? "is" : "are")} not used";
    }
}
