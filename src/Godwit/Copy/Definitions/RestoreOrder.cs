using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>The order of a table of contents at the target: pre-data in its own order, then each entry as soon as what
/// it needs is there. The rules are pg_restore's (<c>restore_toc_entries_prefork</c> and
/// <c>repoint_table_dependencies</c> in <c>pg_backup_archiver.c</c>).</summary>
internal sealed class RestoreOrder
{
    // Concerns the database itself, not its contents.
    private static bool IsOfDatabase(TocEntry entry) => entry.Is("DATABASE"u8) || entry.Is("DATABASE PROPERTIES"u8)
        || (entry.Tag.Bytes.StartsWith("DATABASE "u8)
            && (entry.Is("COMMENT"u8) || entry.Is("SECURITY LABEL"u8) || entry.Is("ACL"u8)));

    private readonly Dictionary<int, TocEntry> _byId;
    private readonly Dictionary<int, int> _dataOf;
    private readonly ILookup<int, int> _partitions;
    private readonly ILookup<int, int> _heirs;

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

        _partitions = entries.Where(entry => entry.Is("TABLE ATTACH"u8)).SelectMany(PartitionOf)
            .ToLookup(one => one.Table, one => one.Partition);
        _heirs = entries.Where(IsTable).SelectMany(entry => TablesOf(entry).Select(parent => (parent, entry.DumpId)))
            .ToLookup(one => one.parent, one => one.DumpId);
        var (first, later) = (new List<TocEntry>(), new List<TocEntry>());
        foreach (var entry in entries)
        {
            // A comment on an object that is made later waits for it. Large objects are created before they are filled,
            // although pg_dump 17 puts both into the data section.
            var isFirst = PassOf(entry) == RestorePass.Main
                && (entry.Section == ArchiveSection.PreData || entry.Is("BLOB METADATA"u8)
                    || (entry.Section == ArchiveSection.None && later.Count == 0));
            (isFirst ? first : later).Add(entry);
        }

        (First, Later) = (first, later);
    }

    public CopiedParts CopiedParts { get; init; }

    /// <summary>Before any row, in this order.</summary>
    public IReadOnlyList<TocEntry> First { get; }

    /// <summary>Rows and everything after them, in the archive's order.</summary>
    public IReadOnlyList<TocEntry> Later { get; }

    /// <summary>Entries of <see cref="Later"/> that must be done first.</summary>
    public IEnumerable<int> Needs(TocEntry entry)
    {
        var ids = entry.Dependencies.Where(_byId.ContainsKey);
        // A post-data entry needs the rows of the tables it names, and of their partitions: a trigger or key of a
        // partitioned table acts on these too.
        return entry.Section == ArchiveSection.PostData
            ? ids.SelectMany(id => Below(id, _partitions).Prepend(id)
                .SelectMany(table => _dataOf.TryGetValue(table, out var data) ? [data] : (int[])[]).Prepend(id)) : ids;
    }

    /// <summary>The dump ids of the tables that an entry names.</summary>
    public IEnumerable<int> TablesOf(TocEntry entry) =>
        entry.Dependencies.Where(id => _byId.GetValueOrDefault(id) is { } one && IsTable(one));

    /// <summary>Tables that are locked with this one: all its partitions and inheriting tables.</summary>
    public IEnumerable<int> Below(int table) => Below(table, _partitions).Concat(Below(table, _heirs)).Distinct();

    public IEnumerable<WorkId> DataOf(int table) => _dataOf.TryGetValue(table, out var data) ? [data] : [];

    /// <summary>False: the target has the definition.</summary>
    public bool Makes(TocEntry entry) => CopiedParts != CopiedParts.Rows || IsOfContents(entry);

    // The entry brings contents and defines nothing.
    private static bool IsOfContents(TocEntry entry) => entry.HasData || entry.Is("BLOB"u8)
        || entry.Is("BLOB METADATA"u8) || entry.Is("SEQUENCE SET"u8) || entry.Is("MATERIALIZED VIEW DATA"u8);

    public TocEntry? Find(int dumpId) => _byId.GetValueOrDefault(dumpId);

    /// <summary>Materialized views are filled and event triggers created after everything else and its
    /// rights.</summary>
    public static RestorePass PassOf(TocEntry entry) =>
        entry.Is("ACL"u8) || entry.Is("ACL LANGUAGE"u8) || entry.Is("DEFAULT ACL"u8) ? RestorePass.Rights
        : entry.Is("EVENT TRIGGER"u8) || entry.Is("MATERIALIZED VIEW DATA"u8)
            || entry.Tag.Bytes.StartsWith("EVENT TRIGGER "u8) ? RestorePass.Last
        : RestorePass.Main;

    private static bool IsTable(TocEntry entry) =>
        entry.Is("TABLE"u8) || entry.Is("MATERIALIZED VIEW"u8) || entry.Is("FOREIGN TABLE"u8);

    private static IEnumerable<int> Below(int table, ILookup<int, int> children)
    {
        var found = new HashSet<int>();
        var open = new Queue<int>(children[table]);
        while (open.TryDequeue(out var one))
        {
            if (!found.Add(one))
                continue;
            foreach (var child in children[one])
                open.Enqueue(child);
        }

        return found;
    }

    // The entry has the partition's name, and depends on both tables.
    private IEnumerable<(int Table, int Partition)> PartitionOf(TocEntry attach)
    {
        var both = TablesOf(attach)
            .ToLookup(id => _byId[id].Tag == attach.Tag && _byId[id].Namespace == attach.Namespace);
        return both[true].SelectMany(partition => both[false].Select(table => (table, partition)));
    }

    // These settings are made when a session is opened.
    private static bool IsSetting(TocEntry entry) =>
        entry.Is("ENCODING"u8) || entry.Is("STDSTRINGS"u8) || entry.Is("SEARCHPATH"u8);
}

/// <summary>The parts of a database that a target gets.</summary>
internal enum CopiedParts
{
    Both,

    Definitions,

    /// <summary>Rows, sequence values and large objects, into existing definitions.</summary>
    Rows,
}

/// <summary>A pass begins when the one before is done.</summary>
internal enum RestorePass
{
    Main,
    Rights,
    Last,
}
