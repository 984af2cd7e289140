using Godwit.Faults;

namespace Godwit.Postgres;

/// <summary>How many work side by side, each with a connection of its own: the bounds of <c>--jobs</c> and of all that
/// is counted like it.</summary>
public static class JobCount
{
    public const int Usual = 4;

    /// <summary>Connections are held all the while; a managed source rarely allows more than a hundred in
    /// all.</summary>
    public const int Max = 32;

    /// <summary>What <see cref="Problems"/> is told of the jobs.</summary>
    public const string AtSource = "each worker holds one connection to the source",
        AtTarget = "each worker holds one connection to the target";

    public static IEnumerable<OptionProblem> Problems(int? jobs, string what, string flag = "--jobs") =>
        jobs is < 1 or > Max ? [new(flag, $"is {jobs}", $"Give a number from 1 to {Max}; {what}.")] : [];
}
