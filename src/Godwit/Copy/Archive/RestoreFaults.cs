using Godwit.Faults;

namespace Godwit.Copy.Archive;

internal static class RestoreFaults
{
    public static Fault Damaged(string archive, string why) => new("restore.archive_damaged", FaultKind.Refused,
        What: $"The archive {archive} is damaged",
        Why: why,
        Remedy: "Fetch the archive again from where it was made, then run the same command with --resume. "
            + "If it is damaged there too (`godwit archive check ARCHIVE` says so), make the dump again, "
            + "and start over with an empty target. No row of the named table was kept.");

    public static Fault Unreadable(string archive, string said) => new("restore.unreadable", FaultKind.Transient,
        What: $"Cannot read {archive} any more",
        Why: said,
        Remedy: "Check that the archive still exists and that its disk works, "
            + "then run the same command with --resume.");

    public static Fault NothingToResume(string target) => new("restore.nothing_to_resume", FaultKind.Refused,
        What: $"There is no unfinished restore into {target} to resume",
        Why: "the schema godwit_copy, in which an unfinished restore records its progress, does not exist",
        Remedy: "Restore without --resume, into an empty database.");

    public static Fault AnotherArchive(string archive, string target) => new(
        "restore.another_archive", FaultKind.Refused,
        What: $"Cannot resume the restore into {target}",
        Why: $"it began with an archive other than {archive}, or with other flags",
        Remedy: "Name the original archive, with the same flags. Or empty the target and start over: "
            + "DROP DATABASE name; CREATE DATABASE name;");

    public static Fault Stopped(string target) => new("restore.stopped", FaultKind.Broken,
        What: $"The restore into {target} was stopped",
        Why: "you stopped it, or the program was terminated",
        Remedy: "Run the same command with --resume. The target keeps what was restored so far.");

    public static Fault Unexpected(Unforeseen met) => new("restore.unexpected", FaultKind.Broken,
        What: "The restore failed with an error that Godwit does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "Run the same command with --resume: the target keeps what was restored so far. Report this error. "
            + $"{met.WhatToSend}");
}
