using System.Text.Json;
using Godwit.Journal;

namespace Godwit.Report;

/// <summary>The report for programs: every fact of the page, names and numbers as they are.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JournalJson.Options) { WriteIndented = true };

    public static string Write(RunReport report) => JsonSerializer.Serialize(report, Options) + "\n";
}
