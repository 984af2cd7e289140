using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>How the entries of a table of contents follow each other at a target: what comes before the rows in its
/// order, and then everything else as soon as what it needs is there. The rules are pg_restore's
/// (<c>restore_toc_entries_prefork</c> and <c>repoint_table_dependencies</c> in <c>pg_backup_archiver.c</c>).</summary>
internal sealed class RestoreOrder
{
    /// <summary>Of the database itself, not of what is in it.</summary>
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
            // A comment of something that is not there yet waits for it. Large objects are made before they are filled,
            // though pg_dump 17 says that both is data.
            var isFirst = PassOf(entry) == RestorePass.Main
                && (entry.Section == ArchiveSection.PreData || entry.Is("BLOB METADATA"u8)
                    || (entry.Section == ArchiveSection.None && later.Count == 0));
            (isFirst ? first : later).Add(entry);
        }

        (First, Later) = (first, later);
    }

    /// <summary>What of them is made.</summary>
    public Halves Halves { get; init; }

    /// <summary>Before any row, in this order.</summary>
    public IReadOnlyList<TocEntry> First { get; }

    /// <summary>Rows and everything behind them, in the archive's order.</summary>
    public IReadOnlyList<TocEntry> Later { get; }

    /// <summary>Entries of <see cref="Later"/> that must be done before.</summary>
    public IEnumerable<int> Needs(TocEntry entry)
    {
        var ids = entry.Dependencies.Where(_byId.ContainsKey);
        // What stands behind the data needs a table's rows where it names the table; a trigger or a key of a
        // partitioned one would act on those of its partitions.
        return entry.Section == ArchiveSection.PostData
            ? ids.SelectMany(id => Below(id, _partitions).Prepend(id)
                .SelectMany(table => _dataOf.TryGetValue(table, out var data) ? [data] : (int[])[]).Prepend(id)) : ids;
    }

    /// <summary>The tables that an entry names, by their dump id.</summary>
    public IEnumerable<int> TablesOf(TocEntry entry) =>
        entry.Dependencies.Where(id => _byId.GetValueOrDefault(id) is { } one && IsTable(one));

    /// <summary>Tables whose locks are taken with this one's: its partitions, and those that inherit from it, down to
    /// the last.</summary>
    public IEnumerable<int> Below(int table) => Below(table, _partitions).Concat(Below(table, _heirs)).Distinct();

    /// <summary>The entry of a table's rows.</summary>
    public IEnumerable<WorkId> DataOf(int table) => _dataOf.TryGetValue(table, out var data) ? [data] : [];

    /// <summary>Whether it is made here; what is defined at the target already is not.</summary>
    public bool Makes(TocEntry entry) => Halves != Halves.Rows || IsOfContents(entry);

    /// <summary>It brings contents and defines nothing.</summary>
    private static bool IsOfContents(TocEntry entry) => entry.HasData || entry.Is("BLOB"u8)
        || entry.Is("BLOB METADATA"u8) || entry.Is("SEQUENCE SET"u8) || entry.Is("MATERIALIZED VIEW DATA"u8);

    public TocEntry? Find(int dumpId) => _byId.GetValueOrDefault(dumpId);

    /// <summary>A materialized view is filled, and an event trigger begins to watch, when everything else is there with
    /// its rights.</summary>
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

    /// <summary>The entry has the name of the partition, and depends on both.</summary>
    private IEnumerable<(int Table, int Partition)> PartitionOf(TocEntry attach)
    {
        var both = TablesOf(attach)
            .ToLookup(id => _byId[id].Tag == attach.Tag && _byId[id].Namespace == attach.Namespace);
        return both[true].SelectMany(partition => both[false].Select(table => (table, partition)));
    }

    // Said when a session is opened.
    private static bool IsSetting(TocEntry entry) =>
        entry.Is("ENCODING"u8) || entry.Is("STDSTRINGS"u8) || entry.Is("SEARCHPATH"u8);
}

/// <summary>What of a database a target gets.</summary>
internal enum Halves
{
    Both,

    /// <summary>Definitions, and no rows.</summary>
    Definitions,

    /// <summary>Rows, values of sequences and large objects, into what is defined already.</summary>
    Rows,
}

/// <summary>All of one pass is done before the next begins.</summary>
internal enum RestorePass
{
    Main,
    Rights,
    Last,
}
