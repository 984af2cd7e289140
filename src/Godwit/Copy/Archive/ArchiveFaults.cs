using Godwit.Faults;

namespace Godwit.Copy.Archive;

internal static class ArchiveFaults
{
    public static Fault NotAnArchive(string name, string why, string remedy) => new(
        "archive.not_an_archive", FaultKind.Usage,
        What: $"{name} is not an archive of pg_dump -Fc",
        Why: why,
        Remedy: remedy);

    public static Fault Truncated(string name, string why) => new("archive.truncated", FaultKind.Refused,
        What: $"The archive {name} is not complete",
        Why: why,
        Remedy: "The dump or its copy was cut short. "
            + "Make the dump again, or fetch the file again from where it was made, and compare the sizes.");

    public static Fault Corrupted(string name, string why) => new("archive.corrupted", FaultKind.Refused,
        What: $"The archive {name} is damaged",
        Why: why,
        Remedy: "Make the dump again, or fetch the file again from where it was made. "
            + "The file was damaged after it was written, or is not a pg_dump archive.");

    public static Fault Unsupported(string name, string why, string remedy) => new(
        "archive.unsupported", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: why,
        Remedy: remedy);

    public static Fault TooLarge(string name, string why) => new("archive.too_large", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: why,
        Remedy: "The file is probably damaged. If it really is that large, try pg_restore, "
            + "and report this text.");

    public static Fault Unreadable(string name, string said) => new("archive.unreadable", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: said,
        Remedy: "Check that you may read the file (ls -l), and that its disk works.");
}
