using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>Bounds of <c>--jobs</c> and similar flags: workers in parallel, each with its own connection.</summary>
public static class JobCount
{
    public const int Usual = 4;

    /// <summary>Connections are held all the while; a managed source rarely allows more than a hundred.</summary>
    public const int Max = 32;

    /// <summary>For <see cref="Problems"/>.</summary>
    public const string AtSource = "each worker holds one connection to the source",
        AtTarget = "each worker holds one connection to the target";

    public static IEnumerable<OptionProblem> Problems(int? jobs, string what, string flag = "--jobs") =>
        jobs is < 1 or > Max ? [new(flag, $"is {jobs}", $"Give a number from 1 to {Max}; {what}.")] : [];
}
