using Godwit.Faults;

namespace Godwit.Report;

internal static class ReportFaults
{
    public static Fault NotWritten(string folder, string why) => new("report.not_written", FaultKind.Refused,
        What: $"Cannot write the report in {folder}",
        Why: why,
        Remedy: "The run itself is not changed by this, and its journal is whole. "
            + "Make room or give the right to write there.\n"
            + "See the run with: godwit status");

    public static Fault PageNotWritten(string path, string why) => new("report.page_not_written", FaultKind.Usage,
        What: $"Cannot write the page {path}",
        Why: why,
        Remedy: "Name a file in a folder that exists and where you may write.");
}
