using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.App.Cli;

/// <summary>Commands of ours in what is printed begin as this one was typed: who started <c>./godwit</c> has no
/// <c>godwit</c> on the path. What is printed for programs stays as it is.</summary>
internal sealed partial class CalledAsWriter(TextWriter writer, string name) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    /// <param name="name">As the script that starts us was typed (<c>GODWIT_CALLED_AS</c>); null or empty: as
    /// <c>godwit</c>, which the shell finds.</param>
    public static TextWriter Over(TextWriter writer, string? name) =>
        string.IsNullOrEmpty(name) ? writer : new CalledAsWriter(writer, name);

    /// <summary>As this writer would print it, for who paints past it.</summary>
    public static string AsPrinted(TextWriter writer, string text) =>
        writer is CalledAsWriter own ? own.Renamed(text) : text;

    public override void Write(char value) => writer.Write(value);

    public override void Write(char[] buffer, int index, int count) => writer.Write(buffer, index, count);

    public override void Write(ReadOnlySpan<char> buffer) => writer.Write(buffer);

    public override void Write(string? value) => writer.Write(Renamed(value));

    public override void WriteLine() => writer.WriteLine();

    public override void WriteLine(string? value) => writer.WriteLine(Renamed(value));

    // The writer behind is as synchronous behind its asynchronous methods.
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => writer.Flush();

    // A dollar sign in the name is no reference to a group.
    private string Renamed(string? text) =>
        text is null or ['{' or '[', ..] ? text ?? "" : Command().Replace(text, _ => name);

    [GeneratedRegex(
        @"(?<![\w./-])godwit(?= (?:--[a-z]+|assess|rehearse|migrate|dump|restore|copy|verify|settings|archive|status|"
            + @"resume|rollback|after|cleanup|demo|heroku-local|report-problem)\b)")]
    private static partial Regex Command();
}
