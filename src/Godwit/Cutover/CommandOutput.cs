using System.Text;
using Godwit.Faults;

namespace Godwit.Cutover;

/// <summary>What a foreign command says: line by line, without secrets, and never more than a bounded part of it in
/// memory.</summary>
internal sealed class CommandOutput
{
    /// <summary>Enough to see what a test suite said last.</summary>
    private const int TailLinesMax = 20;

    /// <summary>Of a line that is shown.</summary>
    private const int ShownMax = 500;

    /// <summary>Of a line that is read. Of a longer one nothing is shown: the cut could go through a secret, and half
    /// of one is not recognised.</summary>
    private const int LineMax = 8000;

    private const int BufferSize = 4096;

    private readonly Queue<string> _tail = new();
    private readonly StringBuilder _line = new();
    private readonly Lock _gate = new();
    private bool _isTooLong;

    /// <summary>Its last lines, divided by line breaks; empty when it said nothing.</summary>
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
        // A progress bar goes back to the beginning of its line: each of its states is a line.
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
        // Foreign text cannot move the cursor of whoever reads it.
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
