using Godwit.Faults;

namespace Godwit.App.Cli;

/// <summary>Shows a fault: what, why, what to do, and the code to look up.</summary>
public static class FaultScreen
{
    public static void Show(Fault fault, TextWriter writer)
    {
        writer.WriteLine($"godwit: {fault.What}");
        writer.WriteLine($"   why: {Indented(fault.Why)}");
        writer.WriteLine($"  next: {Indented(fault.Remedy)}");
        writer.WriteLine($"  code: {fault.Code}");
    }

    private static string Indented(string text) => text.ReplaceLineEndings("\n        ");
}
