using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Godwit.App.Cli.Screens;

/// <summary>Wraps text between words. A terminal would break lines within words.</summary>
internal static partial class WordWrap
{
    // Continued lines are indented by at most a third of the window: more would leave a narrow strip.
    private const int HangShare = 3;

    private const string Ellipsis = "…";

    /// <summary>Indents further lines to the text behind the label. A word longer than a line is left to the terminal,
    /// which adds no line break to copied text.</summary>
    /// <param name="line">Without line breaks.</param>
    /// <param name="columns">The window's; a wide character takes two.</param>
    public static IReadOnlyList<string> Lines(string line, int columns)
    {
        if (columns <= 0 || line.GetCellWidth() <= columns)
            return [line];
        var label = Label().Match(line).Length;
        var hang = label <= columns / HangShare ? label : 0;
        var lines = new List<string>();
        var current = new StringBuilder();
        foreach (var word in Words().EnumerateMatches(line))
        {
            var text = line.Substring(word.Index, word.Length);
            var alone = text.TrimStart(' ');
            if (current.Length > 0 && $"{current}".GetCellWidth() + text.GetCellWidth() > columns
                && hang + alone.GetCellWidth() <= columns)
            {
                lines.Add($"{current}");
                current.Clear().Append(' ', hang).Append(alone);
            }
            else
            {
                current.Append(text);
            }
        }

        return [.. lines, $"{current}"];
    }

    /// <summary>The start, with an ellipsis if something is cut.</summary>
    public static string Cut(string text, int columns)
    {
        var line = text.Split('\n')[0];
        if (line.Length == text.Length && line.GetCellWidth() <= columns)
            return line;
        var cut = new StringBuilder();
        var width = Ellipsis.GetCellWidth();
        foreach (var rune in line.EnumerateRunes())
        {
            width += rune.ToString().GetCellWidth();
            if (width > columns)
                break;
            cut.Append(rune.ToString());
        }

        return $"{cut}".TrimEnd() + Ellipsis;
    }

    // A word with the spaces before it, so columns stay aligned. Trailing spaces are removed.
    [GeneratedRegex(" *[^ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    // "08:06:16  copy      ", "  ✓ copy      ", "Downtime  ", and "   why: ", "note: ", "! ".
    [GeneratedRegex("^ *(?:(?:[^ ]+ )?[^ ]+ {2,}){0,2}(?:[A-Za-z]{1,9}: +|[!✓✗·↶-] )?", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
