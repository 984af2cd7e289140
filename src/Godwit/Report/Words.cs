using System.Globalization;
using System.Text;
using Godwit.Faults;

namespace Godwit.Report;

/// <summary>Numbers, times and foreign names, as a person reads them.</summary>
public static class Words
{
    private const int CommitLength = 8;

    public static string Number(long number) => Phrase.Number(number);

    public static string Number(long? number) => number is { } known ? Number(known) : "missing";

    public static string Count(long number, string thing) => Phrase.Count(number, thing);

    public static string Bytes(long bytes) => Phrase.Bytes(bytes, "bytes");

    public static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds < 10 ? seconds : Math.Round(seconds));
        return time switch
        {
            { TotalDays: >= 1 } => Text($"{(int)time.TotalDays} d {time.Hours} h"),
            { TotalHours: >= 1 } => Text($"{time.Hours} h {time.Minutes:00} min"),
            { TotalMinutes: >= 1 } => Text($"{time.Minutes} min {time.Seconds:00} s"),
            { TotalSeconds: >= 10 } => Text($"{time.Seconds} s"),
            { TotalSeconds: >= 0.05 } => Text($"{time.TotalSeconds:0.0} s"),
            _ => "under 0.1 s",
        };
    }

    /// <summary><c>0.1.0+2b47ab8b2bde…</c> as <c>0.1.0 (2b47ab8b)</c>: enough to find the commit.</summary>
    public static string Version(string version) => version.Split('+', 2) is [var number, var commit]
        ? $"{number} ({commit[..Math.Min(commit.Length, CommitLength)]})"
        : version;

    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Sentence(string clause)
    {
        var trimmed = clause.TrimEnd();
        return trimmed.Length == 0 || trimmed[^1] is '.' or '!' or '?' or ':' ? trimmed : trimmed + ".";
    }

    /// <summary>Splits a remedy into its text and what to paste, which is below a line that ends with a
    /// colon.</summary>
    public static (string Said, string Paste) Pasteable(string remedy)
    {
        var at = remedy.IndexOf(":\n", StringComparison.Ordinal);
        return at < 0 ? (remedy, "") : (remedy[..(at + 1)], remedy[(at + 2)..]);
    }

    /// <summary>A name on one line: a line break in it is made visible.</summary>
    public static string Name(string name) => Shown(name, keepLines: false);

    /// <summary>Text of several lines. Characters that would move a cursor, colour a terminal or turn the reading
    /// direction are made visible.</summary>
    public static string Block(string text) => Shown(text.ReplaceLineEndings("\n"), keepLines: true);

    private static string Shown(string text, bool keepLines)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c == '\n' && keepLines)
                shown.Append(c);
            else if (IsInvisible(c))
                shown.Append(CultureInfo.InvariantCulture, $"⟨U+{(int)c:X4}⟩");
            else
                shown.Append(c);
        }

        return shown.ToString();
    }

    // The zero-width joiners U+200C and U+200D belong to real scripts and to emoji; they stay.
    private static bool IsInvisible(char c) => c is < ' ' or (>= '\u007f' and <= '\u009f') or '\u061c' or '\u200b'
        or '\u200e' or '\u200f'
        or (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u2069') or '\ufeff';

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
