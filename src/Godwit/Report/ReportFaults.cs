using Godwit.Faults;

namespace Godwit.Report;

internal static class ReportFaults
{
    public static Fault NotWritten(string folder, string why) => new("report.not_written", FaultKind.Refused,
        What: $"Cannot write the report in {folder}",
        Why: why,
        Remedy: "Free some space there, or allow Godwit to write there. "
            + "The run itself is not affected, and its journal is complete.\n"
            + "See the run with: godwit status");

    public static Fault PageNotWritten(string path, string why) => new("report.page_not_written", FaultKind.Usage,
        What: $"Cannot write the page {path}",
        Why: why,
        Remedy: "Name a file in a folder that exists and where you may write.");
}
