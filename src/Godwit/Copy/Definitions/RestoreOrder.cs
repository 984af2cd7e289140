using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>How the entries of a table of contents follow each other at a target: what comes before the rows in its order, and then everything else as soon as what it needs
/// is there. The rules are pg_restore's (<c>restore_toc_entries_prefork</c> and <c>repoint_table_dependencies</c> in <c>pg_backup_archiver.c</c>).</summary>
internal sealed class RestoreOrder
{
    /// <summary>Of the database itself, not of what is in it.</summary>
    private static bool IsOfDatabase(TocEntry entry) => entry.Is("DATABASE"u8) || entry.Is("DATABASE PROPERTIES"u8)
        || (entry.Tag.Bytes.StartsWith("DATABASE "u8) && (entry.Is("COMMENT"u8) || entry.Is("SECURITY LABEL"u8) || entry.Is("ACL"u8)));

    private readonly Dictionary<int, TocEntry> _byId;
    private readonly Dictionary<int, int> _dataOf;

    public RestoreOrder(ArchiveHead head)
    {
        var entries = head.Entries.Where(entry => !IsOfDatabase(entry) && !IsSetting(entry)).ToList();
        _byId = entries.ToDictionary(entry => entry.DumpId);
        _dataOf = [];
        foreach (var data in entries.Where(entry => entry.Is("TABLE DATA"u8)))
        {
            foreach (var table in data.Dependencies.Where(id => _byId.GetValueOrDefault(id) is { } one && IsTable(one)))
                _dataOf.TryAdd(table, data.DumpId);
        }

        var (first, later) = (new List<TocEntry>(), new List<TocEntry>());
        foreach (var entry in entries)
        {
            // A comment of something that is not there yet waits for it.
            var isFirst = PassOf(entry) == RestorePass.Main && (entry.Section == ArchiveSection.PreData || (entry.Section == ArchiveSection.None && later.Count == 0));
            (isFirst ? first : later).Add(entry);
        }

        (First, Later) = (first, later);
    }

    /// <summary>Before any row, in this order.</summary>
    public IReadOnlyList<TocEntry> First { get; }

    /// <summary>Rows and everything behind them, in the archive's order.</summary>
    public IReadOnlyList<TocEntry> Later { get; }

    /// <summary>Entries of <see cref="Later"/> that must be done before.</summary>
    public IEnumerable<int> Needs(TocEntry entry)
    {
        var ids = entry.Dependencies.Where(_byId.ContainsKey);
        // What stands behind the data needs a table's rows where it names the table.
        return entry.Section == ArchiveSection.PostData ? ids.SelectMany(id => _dataOf.TryGetValue(id, out var data) ? [id, data] : (int[])[id]) : ids;
    }

    /// <summary>The tables that an entry names, by their dump id.</summary>
    public IEnumerable<int> TablesOf(TocEntry entry) => entry.Dependencies.Where(id => _byId.GetValueOrDefault(id) is { } one && IsTable(one));

    public TocEntry? Find(int dumpId) => _byId.GetValueOrDefault(dumpId);

    /// <summary>A materialized view is filled, and an event trigger begins to watch, when everything else is there with its rights.</summary>
    public static RestorePass PassOf(TocEntry entry) =>
        entry.Is("ACL"u8) || entry.Is("ACL LANGUAGE"u8) || entry.Is("DEFAULT ACL"u8) ? RestorePass.Rights
        : entry.Is("EVENT TRIGGER"u8) || entry.Is("MATERIALIZED VIEW DATA"u8) || entry.Tag.Bytes.StartsWith("EVENT TRIGGER "u8) ? RestorePass.Last
        : RestorePass.Main;

    private static bool IsTable(TocEntry entry) => entry.Is("TABLE"u8) || entry.Is("MATERIALIZED VIEW"u8) || entry.Is("FOREIGN TABLE"u8);

    // Said when a session is opened.
    private static bool IsSetting(TocEntry entry) => entry.Is("ENCODING"u8) || entry.Is("STDSTRINGS"u8) || entry.Is("SEARCHPATH"u8);
}

/// <summary>All of one pass is done before the next begins.</summary>
internal enum RestorePass
{
    Main,
    Rights,
    Last,
}
