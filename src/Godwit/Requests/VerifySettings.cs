using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Proof;
using Godwit.Verify.Queries;

namespace Godwit.Requests;

/// <summary>How deep both sides are compared, and the queries whose results are compared beside the tables.</summary>
public sealed record VerifySettings
{
    [JsonPropertyName("verify")]
    public VerifyLevel Level { get; init; } = VerifyLevel.Checksums;

    /// <summary>With their whole paths.</summary>
    public IReadOnlyList<string> QueryFiles { get; init; } = [];

    /// <summary>By how much two floats in the results of queries may differ, as a part of the larger one; 0: not at
    /// all.</summary>
    public double FloatTolerance { get; init; }

    /// <summary>Each file is read: a query that is wrong is told before anything stands still.</summary>
    public IEnumerable<OptionProblem> Problems()
    {
        var problems = new List<OptionProblem>();
        Queries(problems);
        if (FloatTolerance > 0 && QueryFiles.Count == 0)
            problems.Add(new("--float-tolerance", "is given without --query",
                "It holds for the results of queries. Tables are compared bit by bit: "
                + "leave it out, or add --query FILE."));
        return problems;
    }

    /// <param name="problems">Gets the files that cannot be read.</param>
    public IReadOnlyList<UserQuery> Queries(ICollection<OptionProblem> problems)
    {
        var queries = new List<UserQuery>();
        foreach (var file in QueryFiles)
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
