using System.CommandLine;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli;

/// <summary>How the contents are to come over.</summary>
internal sealed class RouteFlags
{
    private readonly Option<string?> _route = new("--route")
    {
        Description = $"How the contents come over: {RouteName.Backup} (a dump in a store, "
            + $"Heroku's own restore of it) or {RouteName.Direct} (from server to server, without a store). "
            + $"Default: {RouteName.Backup}; {RouteName.Direct} where Heroku's restore will not do (Shield plans, "
            + "more than 20 GB), which is then said.",
        HelpName = "NAME",
    };

    public RouteFlags() => _route.AcceptOnlyFromAmong(RouteName.Backup, RouteName.Direct);

    public IReadOnlyList<Option> All => [_route];

    public RunSettings Over(RunSettings settings, ParseResult parsed) =>
        settings with { Route = parsed.GetValue(_route) };

    /// <summary>Who names a store, or says how it is reached or how small the dump is to be, and wants none made, has
    /// mistaken something.</summary>
    public static IEnumerable<OptionProblem> Problems(RunSettings settings)
    {
        if (!settings.IsDirect)
            yield break;
        foreach (var flag in settings.DumpFlags)
            yield return new(flag, $"is for a dump, and with --route {RouteName.Direct} there is none",
                $"Leave out one of them: {flag}, or --route {RouteName.Direct}.");
    }

    /// <summary>What was said about the dump, where Godwit itself has chosen the route without one: the end of a
    /// clause, empty where nothing was.</summary>
    public static string NotUsed(RunSettings settings)
    {
        var idle = settings.DumpFlags;
        return idle.Count == 0 ? "" : $"; {Named.Some(idle)} {(idle.Count == 1 ? "is" : "are")} not used";
    }
}
