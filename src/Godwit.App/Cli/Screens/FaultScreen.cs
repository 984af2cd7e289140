using Godwit.Faults;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>What, why, what to do, and the code to look up.</summary>
public static class FaultScreen
{
    public static void Show(Fault fault, TextWriter writer)
    {
        writer.WriteLine($"godwit: {Indented(fault.What)}");
        writer.WriteLine($"   why: {Indented(fault.Why)}");
        writer.WriteLine($"  next: {Indented(fault.Remedy)}");
        writer.WriteLine($"  code: {fault.Code}");
    }

    // Other programs' text may hold line breaks, and control codes that would move the cursor.
    private static string Indented(string text) =>
        Words.Block(text).Replace("\n", "\n        ", StringComparison.Ordinal);
}
