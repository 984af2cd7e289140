// Tidy: the house rules of CONTRIBUTING.md and ARCHITECTURE.md, checked against the code itself.
//
// A rule nobody checks is a wish. These tests read the source text and the built assemblies, need
// no server, and say in their message what to do instead.
using System.Text.RegularExpressions;

namespace Godwit.Tests.Tidy;

/// <summary>The files of this repository, without what builds and installers put there.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>All text files, as (path relative to the root with '/', absolute path).</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(new DirectoryInfo(Root))
        .OrderBy(file => file.Name, StringComparer.Ordinal)];

    public static IEnumerable<SourceFile> CSharp =>
        Files.Where(file => file.Name.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Product =>
        CSharp.Where(file => file.Name.StartsWith("src/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Godwit.slnx")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("The tests do not run from inside the repository.");
    }

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles())
        {
            if (!Binary().IsMatch(file.Name))
                yield return new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'),
                    file.FullName);
        }

        foreach (var below in folder.EnumerateDirectories())
        {
            if (Ignored().IsMatch(below.Name) || below.LinkTarget is not null)
                continue;
            foreach (var file in Walk(below))
                yield return file;
        }
    }

    [GeneratedRegex(
        @"^(\.git|\.tools|\.build|\.vs|\.vscode|\.idea|bin|obj|node_modules|TestResults|BenchmarkDotNet\.Artifacts)$")]
    private static partial Regex Ignored();

    [GeneratedRegex(@"\.(png|gz|zip|dump|dll|user)$|^\.git$")]
    private static partial Regex Binary();
}

internal sealed record SourceFile(string Name, string Path)
{
    private string? _text;

    public string Text => _text ??= File.ReadAllText(Path);

    public IEnumerable<(int Number, string Text)> Lines => Text.Split('\n').Select((line, index) => (index + 1, line));

    public override string ToString() => Name;
}
