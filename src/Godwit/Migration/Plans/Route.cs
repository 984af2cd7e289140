// Plans: which steps a run takes, in which order. One file per plan, to be read from top to bottom.
//
// A new route is a file with its plan, the steps that only it has, and a row in `Route.All`. `CommonSteps` has the
// steps that plans share. This folder does not know how the runner runs the steps and undoes them.
using Godwit.Faults;
using Godwit.Requests;

namespace Godwit.Migration.Plans;

/// <summary>A way to bring the contents over, as <c>--route</c> names it.</summary>
public sealed record Route
{
    internal Route(string name, string way, Func<RunContext, Plan> plan, Func<RunContext, Plan> rehearsal) =>
        (Name, Way, Plan, Rehearsal) = (name, way, plan, rehearsal);

    /// <summary>In the order in which they are offered; the first is the usual one.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        new(BackupPlan.RouteName, "a dump in a store, Heroku's own restore of it", BackupPlan.Of,
            BackupPlan.RehearsalOf) { UsesStore = true },
        new(DirectPlan.RouteName, "from server to server", DirectPlan.Of, DirectPlan.RehearsalOf),
    ];

    /// <summary>Kept with the run: never changes.</summary>
    public string Name { get; }

    /// <summary>How the contents come over: a clause.</summary>
    public string Way { get; }

    /// <summary>The contents pass through a store.</summary>
    public bool UsesStore { get; init; }

    internal Func<RunContext, Plan> Plan { get; }

    internal Func<RunContext, Plan> Rehearsal { get; }

    /// <summary>The usual route if the settings name none.</summary>
    /// <exception cref="FaultException"><c>run.route_unknown</c>: a later version has made the run.</exception>
    public static Route Of(RunSettings settings, IReadOnlyList<Route>? all = null) =>
        (all ?? All).FirstOrDefault(route => route.Name == settings.RouteOrUsual)
            ?? throw new FaultException(MigrationFaults.RouteUnknown(settings.RouteOrUsual));

    /// <summary>Flags of a dump, or of its store, are a mistake with a route that makes no dump.</summary>
    public static IEnumerable<OptionProblem> Problems(RunSettings settings) =>
        settings.Route is not { } name || Of(settings).UsesStore ? [] : settings.Dump.Flags.Select(flag =>
            new OptionProblem(flag, $"is for a dump, and with --route {name} there is none",
                $"Leave out one of them: {flag}, or --route {name}."));
}
