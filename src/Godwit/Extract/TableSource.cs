using System.Data.Common;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <param name="Name">Quoted and qualified, one character per byte.</param>
/// <param name="Filter">For an extension's configuration table: the user's rows, as <c>WHERE …</c>; empty: all
/// rows.</param>
/// <param name="HeapPages">Without TOAST.</param>
/// <param name="Bytes">With TOAST.</param>
/// <param name="IsHeap">The access method is heap, whose row addresses are page numbers.</param>
/// <param name="IsOfExtension">An extension has created it, and may have added rows.</param>
/// <param name="File">Its <c>relfilenode</c>: VACUUM FULL and CLUSTER write a new one, with every row in another
/// place.</param>
/// <param name="WasReplaced">Since the snapshot its rows were removed or moved, or another table took its name.</param>
internal sealed record TableSource(
    uint Oid, string Name, string Filter, long HeapPages, long Bytes, bool IsHeap, bool IsOfExtension, long File,
    bool WasReplaced)
{
    public static async Task<IReadOnlyDictionary<uint, TableSource>> FindAsync(
        PostgresSession session, uint[] oids, CancellationToken ct)
    {
        var found = await session.RowsAsync(Facts, Read, ct, oids);
        return found.ToDictionary(table => table.Oid);
    }

    /// <summary>The table whose rows an entry holds.</summary>
    /// <exception cref="FaultException">The entry holds other rows, or the table was replaced since.</exception>
    public static TableSource Require(IReadOnlyDictionary<uint, TableSource> tables, TocEntry entry)
    {
        var title = $"{entry.Namespace}.{entry.Tag}";
        if (!tables.TryGetValue(entry.Oid, out var table))
            throw new FaultException(ExtractFaults.ContentsNotUnderstood("This pg_dump",
                $"{title} has data and is no table"));
        return !table.WasReplaced ? table : throw new FaultException(ExtractFaults.TableReplaced(title));
    }

    // Catalogs are read in the snapshot; functions that take an OID see the present state.
    private const string Facts = """
        SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), coalesce(config.condition, ''),
               pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::bigint,
               pg_catalog.pg_relation_size(c.oid) + coalesce(pg_catalog.pg_relation_size(nullif(c.reltoastrelid, 0)),
                   0),
               coalesce(am.amname = 'heap', false), config.relation IS NOT NULL, c.relfilenode::bigint,
               c.relfilenode <> coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)
                   OR c.oid
                       IS DISTINCT FROM pg_catalog.to_regclass(pg_catalog.format('%I.%I', n.nspname, c.relname))::oid
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
             LEFT JOIN (SELECT relation, condition
                 FROM pg_catalog.pg_extension, unnest(extconfig, extcondition) AS config(relation, condition)) config
                    ON config.relation = c.oid
        WHERE c.oid = ANY($1) AND c.relkind = 'r'
        """;

    private static TableSource Read(DbDataReader row) => new(
        row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4),
        row.GetBoolean(5), row.GetBoolean(6), row.GetInt64(7), row.GetBoolean(8));
}

/// <summary>The columns in the archive's COPY statement.</summary>
internal static class CopyColumns
{
    private const string Start = "COPY ";
    private const string End = " FROM stdin;\n";

    public static string Require(TocEntry entry) => Of(entry.CopyStatement)
        ?? throw new FaultException(ExtractFaults.ContentsNotUnderstood("This pg_dump",
            $"the COPY statement of {entry.Namespace}.{entry.Tag}: {entry.CopyStatement}"));

    /// <summary><c>(id, name)</c>, one character per byte; empty for a table without columns. Null: the statement does
    /// not have pg_dump's form.</summary>
    public static string? Of(ArchiveText? statement)
    {
        var text = statement is { } bytes ? System.Text.Encoding.Latin1.GetString(bytes.Bytes) : "";
        if (!text.StartsWith(Start, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal))
            return null;
        // The name may be quoted and hold anything; then comes a space.
        var at = Start.Length;
        for (var isQuoted = false; at < text.Length && (isQuoted || text[at] != ' '); at++)
            isQuoted ^= text[at] == '"';
        return text[at..^End.Length].Trim(' ') is var columns
            && (columns.Length == 0 || (columns[0] == '(' && columns[^1] == ')')) ? columns : null;
    }
}
