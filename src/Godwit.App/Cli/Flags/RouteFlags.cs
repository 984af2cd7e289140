using System.CommandLine;
using Godwit.Migration.Plans;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>How the contents reach the target.</summary>
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

    public string? Read(ParseResult parsed) => parsed.GetValue(_route);

    private static string Described(Route route) =>
        $"{route.Name} ({route.Way}{(route.UsesStore ? "" : ", without a store")})";
}
