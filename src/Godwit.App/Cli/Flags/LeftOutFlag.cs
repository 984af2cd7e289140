using System.CommandLine;
using Godwit.Faults;

namespace Godwit.App.Cli.Flags;

/// <summary>For commands without a run.</summary>
internal sealed class LeftOutFlag
{
    private readonly Option<string?> _file = new("--left-out")
    {
        Description = "Write the statements that are left out, because a target would refuse them, into this file, "
            + "with the reasons.", HelpName = "FILE",
    };

    public Option Option => _file;

    /// <summary>The full path; null: no file.</summary>
    public string? Read(ParseResult parsed) =>
        parsed.GetValue(_file) is { Length: > 0 } file ? Path.GetFullPath(file) : null;

    public IEnumerable<OptionProblem> Problems(ParseResult parsed)
    {
        if (parsed.GetResult(_file) is not null && Read(parsed) is null)
            yield return new("--left-out", "is empty", "Name a file: --left-out left-out.sql");
        if (Read(parsed) is { } path && !Directory.Exists(Path.GetDirectoryName(path)))
            yield return new("--left-out", $"names {path}, whose folder is not there",
                "Make the folder, or name another file.");
    }
}
