using System.CommandLine;
using System.Globalization;
using Godwit.Faults;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>Queries whose results are compared too.</summary>
internal sealed class QueryFlags
{
    private readonly Option<string[]> _query = new("--query")
    {
        Description = "A file with SQL queries: they are run on both sides, and their results compared. "
            + "May be repeated.",
        HelpName = "FILE", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _tolerance = new("--float-tolerance")
    {
        Description = "By how much two floats in the results of --query may differ, "
            + "as a part of the larger one, e.g. 1e-9. "
            + "Default: not at all.",
        HelpName = "X",
    };

    public IReadOnlyList<Option> All => [_query, _tolerance];

    /// <summary>For a run. Flags that are not given change nothing. Paths are absolute: a resume may start in another
    /// folder.</summary>
    public VerifySettings Over(VerifySettings settings, ParseResult parsed) => settings with
    {
        QueryFiles = parsed.GetValue(_query) is { Length: > 0 } files
            ? [.. files.Select(WholePath)] : settings.QueryFiles,
        FloatTolerance = Tolerance(parsed) ?? settings.FloatTolerance,
    };

    /// <summary>For a command without a run.</summary>
    public VerifySettings Read(ParseResult parsed) =>
        new() { QueryFiles = parsed.GetValue(_query) ?? [], FloatTolerance = Tolerance(parsed) ?? 0 };

    public IEnumerable<OptionProblem> Problems(ParseResult parsed)
    {
        if (parsed.GetValue(_tolerance) is { } text && Tolerance(parsed) is null)
            yield return new("--float-tolerance", $"is '{text}'",
                "Give a number between 0 and 1: 1e-9 lets the tenth digit differ.");
    }

    // An empty name stays, and is reported as unreadable.
    private static string WholePath(string file) => file.Length == 0 ? file : Path.GetFullPath(file);

    private double? Tolerance(ParseResult parsed) =>
        double.TryParse(parsed.GetValue(_tolerance), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and < 1 ? number : null;
}
