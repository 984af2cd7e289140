using System.Text.Json;
using Godwit.Faults;

namespace Godwit.Journal;

public static class JournalReader
{
    /// <summary>Every whole line. A last line without its line break is a torn write and is left out.</summary>
    /// <exception cref="FaultException"><c>journal.damaged</c>, <c>journal.unreadable</c>.</exception>
    public static IEnumerable<JournalLine> Read(string path)
    {
        var lines = StateErrors.Reading(Path.GetDirectoryName(path)!, () => ReadText(path)).Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
        {
            if (lines[i].Length > 0)
                yield return Parse(lines[i], path, i + 1);
        }
    }

    private static string ReadText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    internal static JournalLine Parse(string line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(line, JournalJson.Options)
                ?? throw new FaultException(JournalFaults.Damaged(path, number, "null"));
        }
        catch (JsonException e)
        {
            throw new FaultException(JournalFaults.Damaged(path, number, e.Message), e);
        }
    }
}
