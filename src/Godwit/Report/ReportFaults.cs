using Godwit.Faults;

namespace Godwit.Report;

internal static class ReportFaults
{
    public static Fault NotWritten(string folder, string why) => new("report.not_written", FaultKind.Refused,
        What: $"Cannot write the report in {folder}",
        Why: why,
        Remedy: "The run itself is not changed by this, and its journal is whole. Make room or give the right to write there.\n"
            + "See the run with: godwit status");
}
