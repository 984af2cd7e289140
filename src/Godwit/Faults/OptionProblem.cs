namespace Godwit.Faults;

/// <summary>One mistake in the command line. All mistakes are shown together.</summary>
/// <param name="Option">The flag as the user typed it, e.g. <c>--via</c>.</param>
public sealed record OptionProblem(string Option, string Why, string Remedy);

public static class OptionProblems
{
    /// <exception cref="FaultException"><c>cli.options</c>.</exception>
    public static void RequireNone(IEnumerable<OptionProblem> problems)
    {
        var all = problems.ToList();
        if (all.Count > 0)
        {
            throw new FaultException(OptionFaults.Options(
                string.Join("; ", all.Select(one => $"{one.Option} {one.Why}")),
                string.Join('\n', all.Select(one => $"{one.Option}: {one.Remedy}"))));
        }
    }
}
