using System.Text;
using System.Text.RegularExpressions;

namespace Godwit.App.Cli;

/// <summary>Prints Godwit's commands with the name that was typed: after <c>./godwit</c>, <c>godwit</c> may not be on
/// the path. Output for programs is unchanged.</summary>
internal sealed partial class CalledAsWriter(TextWriter writer, string name) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    /// <param name="name">The start script's, as typed (<c>GODWIT_CALLED_AS</c>). Null or empty: <c>godwit</c>, which
    /// the shell finds.</param>
    public static TextWriter Over(TextWriter writer, string? name) =>
        string.IsNullOrEmpty(name) ? writer : new CalledAsWriter(writer, name);

    /// <summary>For screens that bypass this writer.</summary>
    public static string AsPrinted(TextWriter writer, string text) =>
        writer is CalledAsWriter own ? own.Renamed(text) : text;

    public override void Write(char value) => writer.Write(value);

    public override void Write(char[] buffer, int index, int count) => writer.Write(buffer, index, count);

    public override void Write(ReadOnlySpan<char> buffer) => writer.Write(buffer);

    public override void Write(string? value) => writer.Write(Renamed(value));

    public override void WriteLine() => writer.WriteLine();

    public override void WriteLine(string? value) => writer.WriteLine(Renamed(value));

    // The inner writer's asynchronous methods are synchronous too.
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => writer.Flush();

    // A replacement string would take a dollar sign for a group.
    private string Renamed(string? text) =>
        text is null or ['{' or '[', ..] ? text ?? "" : Command().Replace(text, _ => name);

    [GeneratedRegex(
        @"(?<![\w./-])godwit(?= (?:--[a-z]+|assess|rehearse|migrate|dump|restore|copy|verify|settings|archive|status|"
            + @"resume|rollback|after|cleanup|demo|heroku-local|report-problem)\b)")]
    private static partial Regex Command();
}
