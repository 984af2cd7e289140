namespace Godwit.Faults;

/// <summary>One thing wrong with the command line; all of them are collected and shown together.</summary>
/// <param name="Option">The flag as the user typed it, e.g. <c>--via</c>.</param>
public sealed record OptionProblem(string Option, string Why, string Remedy);

public static class OptionProblems
{
    /// <summary>All problems at once: nobody wants to find them one by one.</summary>
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
