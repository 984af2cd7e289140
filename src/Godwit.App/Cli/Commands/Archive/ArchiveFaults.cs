using System.Globalization;
using Godwit.Faults;

namespace Godwit.App.Cli.Commands;

internal static class ArchiveFaults
{
    public static Fault NotWhole(string name, string why, int others) => new("archive.not_whole", FaultKind.Refused,
        What: $"The archive {name} is damaged or incomplete",
        Why: others == 0 ? why : $"{why}; and {others} more",
        Remedy: "Do not use this archive. Make the dump again, or fetch the file again from where it was made, "
            + "and check the new file.");

    public static Fault Missing(string path) => new("archive.missing", FaultKind.Usage,
        What: $"Cannot open {path}",
        Why: "there is no file of that name",
        Remedy: "Check the spelling. An archive in a store is named s3://bucket/prefix/name, "
            + "azblob://account/container/name, gs://bucket/name or disk:FOLDER/name; - is standard input.");

    public static Fault Folder(string path) => new("archive.folder", FaultKind.Usage,
        What: $"Cannot read {path} as an archive",
        Why: "it is a folder",
        Remedy: "Name a file. If the folder is a directory dump (pg_dump -Fd), dump again with pg_dump -Fc: "
            + "Godwit reads only the custom format.");

    public static Fault Variable(string name) => new("archive.variable", FaultKind.Usage,
        What: $"Cannot read an archive from the variable {name}",
        Why: "the variable is not set, or its value does not begin with https://",
        Remedy: "Set it in the same shell, with the link between single quotes: export LINK='https://…'; "
            + "then name it: env:LINK");

    public static Fault NothingOnInput() => new("archive.terminal_input", FaultKind.Usage,
        What: "Cannot read an archive from a terminal",
        Why: "standard input is a keyboard",
        Remedy: "Name the file instead of -, or redirect it: add < shop.dump to the command.");

    public static Fault TerminalOutput() => new("archive.terminal_output", FaultKind.Usage,
        What: "Cannot write an archive to a terminal",
        Why: "standard output is a screen, and an archive is not text",
        Remedy: "Name a file: --to ./smaller.dump. Or send it on: "
            + "`godwit archive filter shop.dump --to - | pg_restore --dbname=shop_copy`.");

    public static Fault MatchesNothing(string pattern, string name) => new("archive.matches_nothing", FaultKind.Usage,
        What: $"Nothing was filtered out of {name}",
        Why: $"no entry matches '{pattern}', and a pattern without a match is usually a mistake",
        Remedy: "Write the kind, the schema (- for none) and the name as the list shows them, "
            + "for example 'TABLE public orders' or 'EXTENSION - *'. "
            + "See the list with: godwit archive list ARCHIVE");

    public static Fault ListUnreadable(string path, string said) => new("archive.list_unreadable", FaultKind.Usage,
        What: $"Cannot read the list {path}",
        Why: said,
        Remedy: "Make one with `godwit archive list ARCHIVE > list.txt`, and edit it.");

    public static Fault ListLine(string path, int line, string why) => new("archive.list_line", FaultKind.Usage,
        What: $"Cannot use the list {path}",
        Why: $"line {line.ToString(CultureInfo.InvariantCulture)} {why}",
        Remedy: "Each line begins with the number of an entry of this archive; everything after a semicolon is a "
            + "comment. Make a new one with `godwit archive list ARCHIVE > list.txt`.");
}
