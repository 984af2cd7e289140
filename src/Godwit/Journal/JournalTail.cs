using System.Text;
using Godwit.Faults;

namespace Godwit.Journal;

/// <summary>Follows the journal of a running run: each call reads the whole lines written since the last.</summary>
public sealed class JournalTail(string path)
{
    private long _position;
    private int _lines;

    /// <exception cref="FaultException"><c>journal.damaged</c>, <c>journal.unreadable</c>.</exception>
    public IReadOnlyList<JournalLine> ReadNew()
    {
        var bytes = StateErrors.Reading(Path.GetDirectoryName(path)!, ReadAdded);
        // A line without its line break is being written, or was never finished; a resume cuts it off.
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _position += end;
        return
        [
            .. Encoding.UTF8.GetString(bytes, 0, end).Split('\n').SkipLast(1)
                .Select(line => (Text: line, Number: ++_lines))
                .Where(line => line.Text.Length > 0)
                .Select(line => JournalReader.Parse(line.Text, path, line.Number)),
        ];
    }

    private byte[] ReadAdded()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _position;
        using var added = new MemoryStream();
        file.CopyTo(added);
        return added.ToArray();
    }
}
