using System.Buffers;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.App.Cli.Commands;

/// <param name="Patterns">Compared with kind, schema and name. A number alone is a dump id.</param>
/// <param name="ListPath">Null: no list.</param>
internal sealed record ArchiveSelection(IReadOnlyList<string> Patterns, string? ListPath, DropReach Reach)
{
    // A list of ten million entries is 1 GB. A larger file than this is no list.
    private const long ListBytesMax = 2L << 30;

    public ArchiveHead Apply(ArchiveHead head, string archive)
    {
        var kept = ListPath is null ? head : ArchiveEdit.Keep(head, Listed(ListPath, head));
        if (Patterns.Count == 0)
            return kept;
        var shown = kept.Entries.Where(ArchiveListing.IsListed).ToDictionary(entry => entry.DumpId, Shown);
        if (Patterns.FirstOrDefault(pattern => !shown.Any(one => Matches(pattern, one.Key, one.Value))) is { } idle)
            throw new FaultException(ArchiveFaults.MatchesNothing(idle, archive));
        return ArchiveEdit.Drop(kept, entry => shown.TryGetValue(entry.DumpId, out var text)
            && Patterns.Any(pattern => Matches(pattern, entry.DumpId, text)), Reach);
    }

    /// <summary>The list's line without numbers and owner: <c>TABLE public orders</c>,
    /// <c>EXTENSION - hstore</c>.</summary>
    public static string Shown(TocEntry entry)
    {
        var line = new ArrayBufferWriter<byte>();
        ArchiveListing.Line(entry with { Owner = null }, line);
        // "217; 1259 16520 TABLE public orders \n"
        var text = Encoding.UTF8.GetString(line.WrittenSpan);
        return text.Split(' ', 4)[3][..^2];
    }

    private static bool Matches(string pattern, int dumpId, string shown) =>
        int.TryParse(pattern, NumberStyles.None, CultureInfo.InvariantCulture,
            out var id) ? id == dumpId : FileSystemName.MatchesSimpleExpression(pattern, shown, ignoreCase: false);

    // The dump ids that lines begin with, as for pg_restore -L. A line that pg_restore skips with a warning is refused.
    private static List<int> Listed(string path, ArchiveHead head)
    {
        var known = head.Entries.Select(entry => entry.DumpId).ToHashSet();
        var ids = new List<int>();
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            var text = line.Split(';', 2)[0].Trim();
            if (text.Length == 0)
                continue;
            if (!int.TryParse([.. text.TakeWhile(char.IsAsciiDigit)], NumberStyles.None,
                CultureInfo.InvariantCulture, out var id))
                throw new FaultException(ArchiveFaults.ListLine(path, number, "does not begin with a number"));
            if (!known.Contains(id))
                throw new FaultException(ArchiveFaults.ListLine(path, number,
                    $"names the entry {id.ToString(CultureInfo.InvariantCulture)}, "
                    + "and the archive has none of that number"));
            ids.Add(id);
        }

        return ids;
    }

    private static string[] Lines(string path)
    {
        try
        {
            var length = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
            return length <= ListBytesMax ? File.ReadAllLines(path, Encoding.Latin1)
                : throw new FaultException(ArchiveFaults.ListUnreadable(path, "it is larger than any list of entries"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FaultException(ArchiveFaults.ListUnreadable(path, Redactor.Clean(e.Message.TrimEnd('.'))), e);
        }
    }
}
