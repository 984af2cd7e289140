using System.Data.Common;
using System.Globalization;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Copy.Rows;

/// <summary>Tables that the target already has, with all their definitions. Foreign keys are checked while rows arrive,
/// so a table waits for those it references. Triggers are disabled in each transaction that brings rows: their effects
/// were copied from the source.</summary>
internal sealed class ExistingTables
{
    // Tables in one query.
    private const int AtOnce = 500;

    private const string Missing =
        "SELECT one FROM pg_catalog.unnest($1) AS one WHERE pg_catalog.to_regclass(one) IS NULL";

    // An extension's configuration tables, which the extension may have filled.
    private const string MadeByExtensions =
        "SELECT one FROM pg_catalog.unnest($1) AS one WHERE pg_catalog.to_regclass(one)::pg_catalog.oid "
        + "IN (SELECT pg_catalog.unnest(extconfig) FROM pg_catalog.pg_extension)";

    private const string References = """
        SELECT DISTINCT one.at - 1, other.at - 1 FROM pg_catalog.unnest($1) WITH ORDINALITY AS one (name, at)
        JOIN pg_catalog.pg_constraint key ON key.conrelid = one.name::pg_catalog.regclass AND key.contype = 'f'
        JOIN pg_catalog.unnest($1) WITH ORDINALITY AS other (name, at)
            ON key.confrelid = other.name::pg_catalog.regclass
        """;

    // Triggers that COPY would fire (tgtype: 4 is INSERT).
    private const string Triggers = """
        SELECT one.at - 1, pg_catalog.quote_ident(t.tgname), t.tgenabled = 'A'
        FROM pg_catalog.unnest($1) WITH ORDINALITY AS one (name, at)
        JOIN pg_catalog.pg_trigger t ON t.tgrelid = one.name::pg_catalog.regclass AND NOT t.tgisinternal
            AND t.tgenabled IN ('O', 'A') AND t.tgtype & 4 <> 0
        """;

    private readonly IReadOnlyList<TocEntry> _entries;
    private readonly string[] _names;
    private readonly ILookup<int, int> _references;
    private readonly ILookup<int, (string Name, bool IsAlways)> _triggers;
    private readonly int[] _levels;

    private ExistingTables(
        IReadOnlyList<TocEntry> entries, string[] names, ILookup<int, int> references,
        ILookup<int, (string Name, bool IsAlways)> triggers)
    {
        (_entries, _names, _references, _triggers) = (entries, names, references, triggers);
        _levels = Levels();
        ByEntry = entries.Index().ToDictionary(one => one.Item.DumpId, one => Of(one.Index));
    }

    /// <summary>By the number of a table's data entry.</summary>
    public IReadOnlyDictionary<int, ExistingTable> ByEntry { get; }

    /// <param name="target">For bulk: its texts are one character per byte.</param>
    /// <param name="begins">No earlier attempt has brought rows.</param>
    /// <exception cref="FaultException">A table is missing or not empty, or foreign keys form a cycle.</exception>
    public static async Task<ExistingTables> FindAsync(
        PostgresSession target, ArchiveHead head, bool begins, CancellationToken ct)
    {
        var entries = head.Entries.Where(entry => entry.HasData && entry.Is("TABLE DATA"u8)).ToList();
        string[] names = [.. entries.Select(ArchiveSql.Qualified)];
        var titles = names.Zip(entries, (name, entry) => (name, Title: $"{entry.Namespace}.{entry.Tag}"))
            .ToDictionary(one => one.name, one => one.Title);
        if (await target.RowsAsync(Missing, Text, ct, new object[] { names }) is { Count: > 0 } missing)
            throw new FaultException(CopyFaults.TablesMissing($"{target.Address}",
                Phrase.List([.. missing.Select(name => titles[name])])));
        if (begins && await FilledAsync(target, names, ct) is { Count: > 0 } filled)
            throw new FaultException(CopyFaults.TablesNotEmpty($"{target.Address}",
                Phrase.List([.. filled.Select(name => titles[name])])));
        var references = await target.RowsAsync(References,
            row => (From: (int)row.GetInt64(0), To: (int)row.GetInt64(1)), ct, new object[] { names });
        var triggers = await target.RowsAsync(Triggers,
            row => (Table: (int)row.GetInt64(0), Name: row.GetString(1), IsAlways: row.GetBoolean(2)), ct,
            new object[] { names });
        return new(entries, names, references.ToLookup(one => one.From, one => one.To),
            triggers.ToLookup(one => one.Table, one => (one.Name, one.IsAlways)));
    }

    private static async Task<IReadOnlyList<string>> FilledAsync(
        PostgresSession target, string[] names, CancellationToken ct)
    {
        var shipped = (await target.RowsAsync(MadeByExtensions, Text, ct, new object[] { names })).ToHashSet();
        var filled = new List<string>();
        foreach (var some in names.Where(name => !shipped.Contains(name)).Chunk(AtOnce))
        {
            var looks = string.Join(" UNION ALL ", some.Select((name, at) =>
                string.Create(CultureInfo.InvariantCulture, $"SELECT {at} WHERE EXISTS (SELECT FROM ONLY {name})")));
            filled.AddRange((await target.RowsAsync(looks, row => row.GetInt32(0), ct)).Select(at => some[at]));
        }

        return filled;
    }

    private ExistingTable Of(int at) => new(_levels[at],
        [.. _references[at].Where(other => other != at).Select(other => _entries[other].DumpId)])
    {
        // References within a table are checked at the end of one COPY; triggers are disabled for one transaction at a
        // time.
        IsOneByOne = _references[at].Contains(at) || _triggers[at].Any(),
        Before = string.Concat(_triggers[at]
            .Select(trigger => $"ALTER TABLE ONLY {_names[at]} DISABLE TRIGGER {trigger.Name}; ")),
        // While deferred triggers are pending, none can be enabled.
        After = (_triggers[at].Any() ? "SET CONSTRAINTS ALL IMMEDIATE; " : "")
            + string.Concat(_triggers[at].Select(trigger =>
                $"ALTER TABLE ONLY {_names[at]} ENABLE {(trigger.IsAlways ? "ALWAYS " : "")}TRIGGER {trigger.Name}; ")),
    };

    // 0: the table references none; else one more than the highest level it references.
    private int[] Levels()
    {
        var levels = new int[_names.Length];
        var open = Enumerable.Range(0, _names.Length).ToHashSet();
        for (var level = 0; open.Count > 0; level++)
        {
            var free = open.Where(at => !_references[at].Any(other => other != at && open.Contains(other))).ToList();
            if (free.Count == 0)
                throw new FaultException(CopyFaults.ReferencesInCircle(Phrase.List([.. open.Order()
                    .Select(at => $"{_entries[at].Namespace}.{_entries[at].Tag}")])));
            foreach (var at in free)
                levels[at] = level;
            open.ExceptWith(free);
        }

        return levels;
    }

    private static string Text(DbDataReader row) => row.GetString(0);
}

/// <param name="Level">All tables it references have lower levels.</param>
/// <param name="Needs">Entries whose rows must arrive first.</param>
internal sealed record ExistingTable(int Level, IReadOnlyList<int> Needs)
{
    public bool IsOneByOne { get; init; }

    /// <summary>SQL before the rows, in their transaction.</summary>
    public string Before { get; init; } = "";

    public string After { get; init; } = "";
}
