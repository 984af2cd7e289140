using Godwit.Faults;

namespace Godwit.Copy.Archive;

internal static class RestoreFaults
{
    public static Fault Damaged(string archive, string why) => new("restore.archive_damaged", FaultKind.Refused,
        What: $"The archive {archive} is not whole",
        Why: why,
        Remedy: "Of the table that is named, no row was kept. "
            + "Fetch the archive again from where it was made, and go on with the same command and --resume. "
            + "If it is damaged there too (`godwit archive check ARCHIVE` says so), make the dump again, "
            + "and begin anew with an empty target.");

    public static Fault Unreadable(string archive, string said) => new("restore.unreadable", FaultKind.Transient,
        What: $"Cannot read {archive} any more",
        Why: said,
        Remedy: "See that it is still there and that its disk is in order, "
            + "then go on with the same command and --resume.");

    public static Fault NothingToResume(string target) => new("restore.nothing_to_resume", FaultKind.Refused,
        What: $"There is no restore into {target} to go on with",
        Why: "the schema godwit_copy, in which an unfinished one keeps what is done, is not there",
        Remedy: "Restore without --resume, into an empty database.");

    public static Fault AnotherArchive(string archive, string target) => new(
        "restore.another_archive", FaultKind.Refused,
        What: $"Cannot go on with the restore into {target}",
        Why: $"it was begun from another archive than {archive}, or with other flags",
        Remedy: "Name that archive, with the same flags as then. Or make the target empty and begin anew: "
            + "DROP DATABASE name; CREATE DATABASE name;");

    public static Fault Stopped(string target) => new("restore.stopped", FaultKind.Broken,
        What: $"The restore into {target} was stopped",
        Why: "you asked for it, or the program was ended",
        Remedy: "The target holds what was restored so far. Go on with the same command and --resume.");

    public static Fault Unexpected(Unforeseen met) => new("restore.unexpected", FaultKind.Broken,
        What: "The restore broke off for a reason that Godwit does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: "The target holds what was restored so far. The same command with --resume goes on. Please report it. "
            + $"{met.WhatToSend}");
}
