using System.Text;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>Wraps sentences on a terminal between words. Wraps only whole lines, not JSON and not text to paste below a
/// colon.</summary>
/// <param name="columns">The window's at present; 0: unknown, so nothing is wrapped.</param>
internal sealed class WrappedWriter(TextWriter terminal, Func<int> columns) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => terminal.Write(value);

    public override void Write(char[] buffer, int index, int count) => terminal.Write(buffer, index, count);

    public override void Write(ReadOnlySpan<char> buffer) => terminal.Write(buffer);

    public override void Write(string? value) => terminal.Write(value);

    public override void WriteLine() => terminal.WriteLine();

    public override void WriteLine(string? value) => terminal.WriteLine(Wrapped(value ?? ""));

    // The terminal's own asynchronous methods are synchronous too.
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => terminal.Flush();

    private string Wrapped(string text)
    {
        if (text.StartsWith('{') || text.StartsWith('['))
            return text;
        var (said, paste) = Words.Pasteable(text);
        var width = columns();
        return string.Join('\n', [.. said.Split('\n').SelectMany(line => WordWrap.Lines(line, width)),
            .. paste.Length > 0 ? new[] { paste } : []]);
    }
}

internal static class WholeLines
{
    /// <summary>For a line to paste. Never wrapped: a shell would take the break for the end of the command.</summary>
    public static void WriteWhole(this TextWriter writer, string line) => writer.Write(line + Environment.NewLine);
}
