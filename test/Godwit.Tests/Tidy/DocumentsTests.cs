using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Godwit.App.Cli;

namespace Godwit.Tests.Tidy;

public sealed partial class DocumentsTests
{
    private const int ArchitectureLinesMax = 175;

    private const int UsualChanges = 10;

    private const int FilesOfChangeMax = 3;

    private static readonly SourceFile Architecture = Repository.Files.Single(file => file.Name == "ARCHITECTURE.md");

    private static IEnumerable<SourceFile> Markdown =>
        Repository.Files.Where(file => file.Name.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void The_table_of_rooms_says_what_the_test_of_rooms_checks()
    {
        var rows = Row().Matches(Architecture.Text)
            .ToDictionary(row => row.Groups[1].Value, row =>
                row.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Assert.NotEmpty(rows);
        var wrong = from row in rows
                    where !Rooms.MayUse.TryGetValue(row.Key, out var allowed)
                        || !allowed.Order().SequenceEqual(row.Value.Order())
                    select $"{row.Key}: {string.Join(", ", row.Value)}";
        Findings.None(wrong, "ARCHITECTURE.md and Rooms.MayUse must say the same.");
        Findings.None(Rooms.Existing.Except(rows.Keys).Select(room => $"{room} has code and no row"),
            "Add the row of Rooms.MayUse, and a paragraph.");
        Findings.None(rows.Keys.Except(Rooms.Existing).Select(room => $"{room} has a row and no code"),
            "A room exists when it has something in it.");
    }

    [Fact]
    public void Every_room_of_the_table_has_its_paragraph()
    {
        var missing = Row().Matches(Architecture.Text).Select(row => row.Groups[1].Value)
            .Where(room => !Architecture.Text.Contains($"\n**{room}.** ", StringComparison.Ordinal));
        Findings.None(missing, "Say in ARCHITECTURE.md what the room is for, and what it does not know.");
    }

    [Fact]
    public void The_architecture_can_be_read_in_ten_minutes() =>
        Assert.InRange(Architecture.Text.TrimEnd('\n').Split('\n').Length, 1, ArchitectureLinesMax);

    /// <summary>More than three files are a search and no answer.</summary>
    [Fact]
    public void The_map_of_usual_changes_names_files_that_exist()
    {
        const string Heading = "## Where do I change …?\n";
        var start = Architecture.Text.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;
        var map = Architecture.Text[start..Architecture.Text.IndexOf("\n## ", start, StringComparison.Ordinal)];
        var rows = map.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => (Line: line,
                Paths: FilePath().Matches(line).Select(match => match.Groups[1].Value).ToList()))
            .ToList();
        Assert.Equal(UsualChanges, rows.Count);
        Findings.None(rows.SelectMany(row => row.Paths)
            .Where(path => !File.Exists(Path.Combine(Repository.Root, path))),
            "Name in ARCHITECTURE.md the file that is there now.");
        Findings.None(rows.Where(row => row.Paths.Count is < 1 or > FilesOfChangeMax).Select(row => row.Line),
            $"Name one to {FilesOfChangeMax} files.");
    }

    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        var dead = from file in Markdown
                   from Match link in Link().Matches(file.Text)
                   let target = link.Groups[1].Value
                   where !target.Contains("://", StringComparison.Ordinal)
                   let parts = target.Split('#')
                   let path = parts[0].Length == 0
                       ? file.Path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.Path)!, parts[0]))
                   where !Path.Exists(path) || (parts.Length > 1 && !Anchors(path).Contains(parts[1]))
                   select $"{file}: {target}";
        Findings.None(dead, "Mend the link.");
    }

    [Fact]
    public void Every_package_has_its_line_of_reason()
    {
        var reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs/decisions/0002-dependencies.md"));
        var named = FirstCell().Matches(reasons).SelectMany(row => row.Groups[1].Value.Split(", ")).ToHashSet();
        var nuget = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants()
            .Where(element => element.Name.LocalName is "PackageVersion" or "GlobalPackageReference")
            .Select(element => element.Attribute("Include")!.Value);
        // Its name ends in the machine's kind.
        var tools = Repository.Files.Where(file => file.Name.EndsWith(".targets", StringComparison.Ordinal))
            .SelectMany(file => XDocument.Parse(file.Text).Descendants("PackageDownload"))
            .Select(element => element.Attribute("Include")!.Value.Split(".$(")[0]);
        var debian = Pins("setup/debian-packages")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Split('=')[0]);
        var unpacked = PackageOfDebian13().Matches(File.ReadAllText(Path.Combine(Repository.Root, "setup/debian13.sh")))
            .Select(match => match.Groups[1].Value);
        using var npm = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "setup/npm/package.json")));
        IReadOnlyList<string> packages = [.. nuget, .. tools, .. debian, .. unpacked,
            .. npm.RootElement.GetProperty("dependencies").EnumerateObject().Select(package => package.Name)];
        Findings.None(packages.Except(named), "Add a row to docs/decisions/0002-dependencies.md.");
        Findings.None(named.Except(packages.Append("Package")),
            "It is not a dependency any more: remove its row from docs/decisions/0002-dependencies.md.");
    }

    [Fact]
    public void The_README_lists_the_exit_codes_as_they_are()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Findings.None(ExitCodes.Table.Select(row => $"| {row.Code} | {row.Meaning} |")
            .Where(row => !readme.Contains(row, StringComparison.Ordinal)),
            "Cli/ExitCodes.cs and README.md must say the same.");
    }

    [Fact]
    public void Every_package_is_used()
    {
        var used = Repository.Files.Where(file => file.Name.EndsWith(".csproj", StringComparison.Ordinal))
            .SelectMany(file => XDocument.Parse(file.Text).Descendants("PackageReference"))
            .Select(element => element.Attribute("Include")!.Value);
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(element => element.Attribute("Include")!.Value);
        Findings.None(versions.Except(used), "Remove it from Directory.Packages.props.");
    }

    [GeneratedRegex(@"^\| ([A-Za-z][\w., -]*?) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    private static IEnumerable<string> Pins(string path) =>
        File.ReadLines(Path.Combine(Repository.Root, path)).Where(line => line.Length > 0 && !line.StartsWith('#'));

    /// <summary>A heading's anchor: lower case, blanks as hyphens, everything else that is no letter or digit left
    /// out.</summary>
    private static IEnumerable<string> Anchors(string path) => File.ReadLines(path).Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"^\| (?!Room )([A-Z]\w+) \| ?([A-Za-z, ]*?) ?\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`([\w.-]+(?:/[\w.-]+)+)`")]
    private static partial Regex FilePath();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // As it is asked for: name=version.
    [GeneratedRegex("\"(postgresql-[a-z0-9-]+)=")]
    private static partial Regex PackageOfDebian13();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor();
}
