using System.Globalization;
using Godwit.Faults;

namespace Godwit.App.Cli.Commands;

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
        Remedy: "It was damaged after it was written, or is something else than it seems. "
            + "Make the dump again, or fetch the file again from where it was made.");

    public static Fault Unsupported(string name, string why, string remedy) => new(
        "archive.unsupported", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: why,
        Remedy: remedy);

    public static Fault TooLarge(string name, string why) => new("archive.too_large", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: why,
        Remedy: "Most likely the file was damaged. If it really is that large, please report it with this text; "
            + "pg_restore may read it.");

    public static Fault NotWhole(string name, string why, int others) => new("archive.not_whole", FaultKind.Refused,
        What: $"The archive {name} is not whole",
        Why: others == 0 ? why : $"{why}; and {others} more",
        Remedy: "Do not rely on it. Make the dump again, or fetch the file again from where it was made, "
            + "and check that one.");

    public static Fault Missing(string path) => new("archive.missing", FaultKind.Usage,
        What: $"Cannot open {path}",
        Why: "there is no file of that name",
        Remedy: "Check the spelling. An archive in a store is named s3://bucket/prefix/name, "
            + "azblob://account/container/name, gs://bucket/name or disk:FOLDER/name; - is standard input.");

    public static Fault Folder(string path) => new("archive.folder", FaultKind.Usage,
        What: $"Cannot read {path} as an archive",
        Why: "it is a folder",
        Remedy: "Name a file. If it is a directory dump (pg_dump -Fd), only the custom format is read: "
            + "dump again with pg_dump -Fc.");

    public static Fault Unreadable(string name, string said) => new("archive.unreadable", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: said,
        Remedy: "See that you may read it (ls -l), and that its disk is in order.");

    public static Fault Variable(string name) => new("archive.variable", FaultKind.Usage,
        What: $"Cannot read an archive by the variable {name}",
        Why: "it is not set, or holds no address that begins with https://",
        Remedy: "Set it in the same shell, with the link between single quotes: export LINK='https://…'; "
            + "then name it: env:LINK");

    public static Fault NothingOnInput() => new("archive.terminal_input", FaultKind.Usage,
        What: "Cannot read an archive from a terminal",
        Why: "standard input is a keyboard",
        Remedy: "Name the file in place of the -, or send it: put < shop.dump behind the command.");

    public static Fault TerminalOutput() => new("archive.terminal_output", FaultKind.Usage,
        What: "Cannot write an archive to a terminal",
        Why: "standard output is a screen, and an archive is not text",
        Remedy: "Name a file: --to ./smaller.dump. Or send it on: "
            + "`godwit archive filter shop.dump --to - | pg_restore --dbname=shop_copy`.");

    public static Fault MatchesNothing(string pattern, string name) => new("archive.matches_nothing", FaultKind.Usage,
        What: $"Nothing was filtered out of {name}",
        Why: $"no entry matches '{pattern}', and a pattern that matches nothing is a mistake as a rule",
        Remedy: "A pattern is compared with the kind, the schema and the name as the list shows them, "
            + "for example 'TABLE public orders' or 'EXTENSION - *'; - stands for no schema. "
            + "Look them up with: godwit archive list ARCHIVE");

    public static Fault ListUnreadable(string path, string said) => new("archive.list_unreadable", FaultKind.Usage,
        What: $"Cannot read the list {path}",
        Why: said,
        Remedy: "Make one with `godwit archive list ARCHIVE > list.txt`, and edit it.");

    public static Fault ListLine(string path, int line, string why) => new("archive.list_line", FaultKind.Usage,
        What: $"Cannot use the list {path}",
        Why: $"line {line.ToString(CultureInfo.InvariantCulture)} {why}",
        Remedy: "Each line begins with the number of an entry of this archive; everything behind a semicolon is a "
            + "comment. Make a new one with `godwit archive list ARCHIVE > list.txt`.");
}
