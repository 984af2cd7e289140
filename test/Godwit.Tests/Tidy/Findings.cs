namespace Godwit.Tests.Tidy;

internal static class Findings
{
    /// <summary>More than this many lines help nobody.</summary>
    private const int ShownMax = 20;

    public static void None(IEnumerable<string> findings, string remedy)
    {
        var all = findings.ToList();
        if (all.Count == 0)
            return;
        var more = all.Count > ShownMax ? $"\n  and {all.Count - ShownMax} more" : "";
        Assert.Fail($"{string.Join('\n', all.Take(ShownMax).Select(finding => "  " + finding))}{more}\n{remedy}");
    }
}
