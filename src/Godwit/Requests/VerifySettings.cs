using System.Text.Json.Serialization;
using Godwit.Faults;
using Godwit.Proof;
using Godwit.Verify.Queries;

namespace Godwit.Requests;

public sealed record VerifySettings
{
    [JsonPropertyName("verify")]
    public VerifyLevel Level { get; init; } = VerifyLevel.Checksums;

    /// <summary>Full paths.</summary>
    public IReadOnlyList<string> QueryFiles { get; init; } = [];

    /// <summary>Of two floats in query results, as a part of the larger one; 0: no difference.</summary>
    public double FloatTolerance { get; init; }

    /// <summary>Reads each file: a wrong query is reported before anything is stopped.</summary>
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

    /// <param name="problems">Gets files that cannot be read.</param>
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
