using System.Text;

namespace Godwit.App.Cli.Screens;

/// <summary>For text that a command can do without. If it cannot be written (closed terminal, full disk of a log), it
/// is lost, and the command continues: the journal has what matters.</summary>
internal sealed class LastingWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (IOException)
        {
            // As in Try; a span cannot be captured by a lambda.
        }
    }

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine() => Try(inner.WriteLine);

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // EIO of a closed terminal, ENOSPC of a log.
        }
    }
}
