using System.CommandLine;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Migration.Plans;

namespace Godwit.App.Cli.Flags;

/// <summary>How the contents are to come over.</summary>
internal sealed class RouteFlags
{
    private readonly Option<string?> _route = new("--route")
    {
        Description = $"How the contents come over: {string.Join(" or ", Route.All.Select(Described))}. "
            + $"Default: {RunSettings.UsualRoute}; direct for Shield plans, above 20 GB without --via, "
            + "and above 100 GB.",
        HelpName = "NAME",
    };

    public RouteFlags() => _route.AcceptOnlyFromAmong([.. Route.All.Select(route => route.Name)]);

    public IReadOnlyList<Option> All => [_route];

    public RunSettings Over(RunSettings settings, ParseResult parsed) =>
        settings with { Route = parsed.GetValue(_route) };

    /// <summary>Who names a store, or says how it is reached or how small the dump is to be, and wants none made, has
    /// mistaken something.</summary>
    public static IEnumerable<OptionProblem> Problems(RunSettings settings)
    {
        if (settings.Route is not { } name || Route.Of(settings).UsesStore)
            yield break;
        foreach (var flag in settings.DumpFlags)
            yield return new(flag, $"is for a dump, and with --route {name} there is none",
                $"Leave out one of them: {flag}, or --route {name}.");
    }

    private static string Described(Route route) =>
        $"{route.Name} ({route.Way}{(route.UsesStore ? "" : ", without a store")})";
}
