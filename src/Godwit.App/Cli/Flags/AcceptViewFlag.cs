using System.CommandLine;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.App.Cli.Flags;

/// <summary>The <c>--accept-view NAME</c> that several commands take.</summary>
internal static class AcceptViewFlag
{
    public static Option<string[]> Repeatable() => new("--accept-view")
    {
        Description = "A materialized view that may differ, for example because its query uses the clock: SCHEMA.NAME. "
            + "May be repeated.",
        HelpName = "NAME", Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Whether the source has such views is found out when it is looked at.</summary>
    public static IEnumerable<OptionProblem> Problems(IEnumerable<string> names) =>
        names.Where(name => MaterializedViewName.TryParse(name) is null)
            .Select(name => new OptionProblem("--accept-view", $"is '{name}'",
                "Write it as SCHEMA.NAME, for example --accept-view public.totals."));
}
