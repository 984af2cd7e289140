using Godwit.Report;
using Godwit.Verify.Repair;

namespace Godwit.App.Cli.Screens;

/// <summary>Sums up <c>--repair-sql</c>'s file.</summary>
internal static class RepairScreen
{
    // Reasons shown; the file has all.
    private const int LeftMax = 10;

    /// <param name="isApplied">The file is run next.</param>
    public static void Show(RepairScript script, bool isApplied, TextWriter writer)
    {
        writer.WriteLine();
        List<string> said = [];
        void Add(long number, string thing, string what)
        {
            if (number > 0)
                said.Add($"{Words.Count(number, thing)} to {what}");
        }

        Add(script.Deleted, "row", "delete");
        Add(script.Updated, "row", "change");
        Add(script.Inserted, "row", "insert");
        Add(script.Objects, "large object", "make equal");
        Add(script.Sequences, "sequence", "set");
        writer.WriteLine(said.Count == 0
            ? $"Wrote {Words.Name(script.Path)}: there is nothing to repair."
            : $"Wrote {Words.Name(script.Path)}: {string.Join(", ", said)}.");
        foreach (var left in script.Left.Take(LeftMax))
            writer.WriteLine($"! not in it: {Words.Name(left)}");
        if (script.Left.Count > LeftMax)
            writer.WriteLine($"  … and {Words.Number(script.Left.Count - LeftMax)} more, at the end of the file");
        if (!isApplied && said.Count > 0)
            writer.WriteLine("  next: Read it. It runs in one transaction: "
                + $"psql --set ON_ERROR_STOP=1 --file {Words.Name(script.Path)}; or here: --repair --confirm NAME");
    }
}
