using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Godwit.App.Cli.Screens;

/// <summary>Lines for a window of so many columns: a terminal by itself breaks them in the middle of words.</summary>
internal static partial class WordWrap
{
    /// <summary>The share of the window that continued lines may stand in by: more would leave a strip at the
    /// right.</summary>
    private const int HangShare = 3;

    private const string Ellipsis = "…";

    /// <summary>Breaks between words; what follows stands below the text of the first line and not below its label. A
    /// word longer than a line is left to the terminal, which does not put a break into what is copied from
    /// it.</summary>
    /// <param name="line">Without line breaks.</param>
    /// <param name="columns">Of the window; a wide character takes two.</param>
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

    /// <summary>The beginning of its first line, with an ellipsis where something is missing.</summary>
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

    // A word with the spaces before it: columns stay columns. Spaces at the end go.
    [GeneratedRegex(" *[^ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    // "08:06:16  copy      ", "  ✓ copy      ", "Downtime  ", and "   why: ", "note: ", "! ".
    [GeneratedRegex("^ *(?:(?:[^ ]+ )?[^ ]+ {2,}){0,2}(?:[A-Za-z]{1,9}: +|[!✓✗·↶-] )?", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
