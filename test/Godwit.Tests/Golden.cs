using System.Runtime.CompilerServices;

namespace Godwit.Tests;

/// <summary>Compares what the program says with a text file next to the test, so that every change of a text is seen in
/// review.</summary>
/// <remarks><c>GODWIT_GOLDEN=write</c> (what <c>./check golden</c> sets) rewrites the files instead.</remarks>
internal static class Golden
{
    private static bool Rewrites => Environment.GetEnvironmentVariable("GODWIT_GOLDEN") == "write";

    /// <param name="name">Of the file, without <c>.golden</c>; it stands next to the calling test.</param>
    public static void Check(string name, string text, [CallerFilePath] string caller = "") =>
        CheckFile(Path.Combine(Folder(caller), name + ".golden"), text);

    /// <summary>The folder of the calling test, with what stands next to it.</summary>
    public static string Folder([CallerFilePath] string caller = "") => Path.GetDirectoryName(caller)!;

    public static void CheckFile(string path, string text)
    {
        var actual = text.ReplaceLineEndings("\n");
        if (Rewrites)
        {
            if (!File.Exists(path) || File.ReadAllText(path) != actual)
                File.WriteAllText(path, actual);
            return;
        }

        var name = Path.GetFileName(path);
        if (!File.Exists(path))
            Assert.Fail($"{name} does not exist yet. ./check golden writes it: read it, then commit it.");
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (Difference(expected, actual) is { } difference)
            Assert.Fail($"{name}, {difference}\nIf the new text is what you want, ./check golden rewrites it: "
                + "read the change, then commit it.");
    }

    /// <summary>Null when equal; otherwise the first line that differs, both ways.</summary>
    public static string? Difference(string expected, string actual)
    {
        if (expected == actual)
            return null;
        var was = expected.Split('\n');
        var now = actual.Split('\n');
        var line = 0;
        while (line < was.Length && line < now.Length && was[line] == now[line])
            line++;
        return $"line {line + 1}:\n  golden: {Line(was, line)}\n  now:    {Line(now, line)}";
    }

    private static string Line(string[] lines, int index) =>
        index < lines.Length ? $"'{lines[index]}'" : "(the text ends before this line)";
}
