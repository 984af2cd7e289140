using System.Text;
using Godwit.Faults;

namespace Godwit.Cutover;

/// <summary>Reads a command's output line by line, without secrets, in bounded memory.</summary>
internal sealed class CommandOutput
{
    // Enough for the end of a test suite.
    private const int TailLinesMax = 20;

    // Characters of a shown line.
    private const int ShownMax = 500;

    // Characters of a line that is read. A longer line is not shown: the cut could split a secret, and half a secret is
    // not masked.
    private const int LineMax = 8000;

    private const int BufferSize = 4096;

    private readonly Queue<string> _tail = new();
    private readonly StringBuilder _line = new();
    private readonly Lock _gate = new();
    private bool _isTooLong;

    /// <summary>The last lines, separated by line breaks; may be empty.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _tail);
        }
    }

    public string? Last
    {
        get
        {
            lock (_gate)
                return _tail.LastOrDefault();
        }
    }

    public async Task ReadAsync(Stream stream, IReadOnlyList<Secret> known, Action<string> seen, CancellationToken ct)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferSize,
            leaveOpen: true);
        var buffer = new char[BufferSize];
        while (await reader.ReadAsync(buffer, ct) is var count and > 0)
        {
            foreach (var one in buffer.AsMemory(0, count).ToArray())
                Take(one, known, seen);
        }

        EndLine(known, seen);
    }

    private void Take(char one, IReadOnlyList<Secret> known, Action<string> seen)
    {
        // A progress bar returns to the start of its line: each state counts as a line.
        if (one is '\n' or '\r')
            EndLine(known, seen);
        else if (_line.Length < LineMax)
            _line.Append(one);
        else
            _isTooLong = true;
    }

    private void EndLine(IReadOnlyList<Secret> known, Action<string> seen)
    {
        var clean =
            _isTooLong ? $"(a line of more than {LineMax} characters)" : Redactor.Clean(_line.ToString(), known);
        _line.Clear();
        _isTooLong = false;
        // Without control characters the output cannot move the terminal's cursor.
        var shown = string.Concat(clean.Where(one => !char.IsControl(one))).Trim();
        if (shown.Length == 0)
            return;
        if (shown.Length > ShownMax)
            shown = shown[..ShownMax] + "…";
        lock (_gate)
        {
            _tail.Enqueue(shown);
            if (_tail.Count > TailLinesMax)
                _tail.Dequeue();
        }

        seen(shown);
    }
}
