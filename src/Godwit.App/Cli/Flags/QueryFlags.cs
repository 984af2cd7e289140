using System.CommandLine;
using System.Globalization;
using Godwit.Cutover.Switch;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Verify.Queries;

namespace Godwit.App.Cli.Flags;

/// <summary>Queries whose results are compared, beside the tables.</summary>
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

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        // A resume may come from another folder.
        QueryFiles = Files(parsed) is { Length: > 0 } files ? [.. files.Select(WholePath)] : settings.QueryFiles,
        FloatTolerance = parsed.GetValue(_tolerance) is null ? settings.FloatTolerance : Tolerance(parsed, []),
    };

    /// <summary>Each file is read: nobody wants to hear of it when everything stands still.</summary>
    public IEnumerable<OptionProblem> Problems(RunSettings settings, ParseResult parsed)
    {
        var problems = new List<OptionProblem>();
        Queries(settings.QueryFiles, problems);
        CheckTolerance(parsed, settings.QueryFiles, problems);
        return problems;
    }

    /// <summary>The same where a run is taken up. Behind the cut-over nothing is compared any more: a file that is gone
    /// by then must not keep the apps stopped.</summary>
    public IEnumerable<OptionProblem> Problems(RunStory story, RunSettings settings, ParseResult parsed) =>
        story.Recall(SwitchStep.BegunKey) is not null ? [] : Problems(settings, parsed);

    /// <summary>For a command that keeps nothing.</summary>
    public (IReadOnlyList<UserQuery> Queries, double FloatTolerance) Read(
        ParseResult parsed, List<OptionProblem> problems)
    {
        var files = Files(parsed);
        CheckTolerance(parsed, files, problems);
        return (Queries(files, problems), Tolerance(parsed, []));
    }

    private string[] Files(ParseResult parsed) => parsed.GetValue(_query) ?? [];

    /// <summary>An empty one stays: it is told as a file that cannot be read.</summary>
    private static string WholePath(string file) => file.Length == 0 ? file : Path.GetFullPath(file);

    private void CheckTolerance(ParseResult parsed, IReadOnlyList<string> files, List<OptionProblem> problems)
    {
        Tolerance(parsed, problems);
        if (parsed.GetValue(_tolerance) is not null && files.Count == 0)
        {
            problems.Add(new("--float-tolerance", "is given without --query",
                "It holds for the results of queries. Tables are compared bit by bit: "
                + "leave it out, or add --query FILE."));
        }
    }

    private double Tolerance(ParseResult parsed, List<OptionProblem> problems)
    {
        if (parsed.GetValue(_tolerance) is not { } text)
            return 0;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 1)
            return number;
        problems.Add(new("--float-tolerance", $"is '{text}'",
            "Give a number between 0 and 1: 1e-9 lets the tenth digit differ."));
        return 0;
    }

    private static IReadOnlyList<UserQuery> Queries(IEnumerable<string> files, List<OptionProblem> problems)
    {
        var queries = new List<UserQuery>();
        foreach (var file in files)
        {
            try
            {
                queries.AddRange(QueryFile.Read(file));
            }
            catch (FaultException e)
            {
                problems.Add(new("--query", $"names {file}: {e.Fault.Why}", e.Fault.Remedy));
            }
        }

        return queries;
    }
}
