using Godwit.Extract.Cleaning;
using Godwit.PgArchive;

namespace Godwit.Copy.Definitions;

/// <summary>Lists the works after the first definitions.</summary>
internal sealed class WorkList(RestoreOrder order, IReadOnlyDictionary<int, long> bytesOfTables)
{
    private readonly HashSet<int> _partitioned = [.. order.First.Where(IsPartitioned).Select(entry => entry.DumpId)];

    /// <param name="hasRows">An entry's data will be brought; other data is not waited for.</param>
    /// <param name="analyze">By dump id of the table: the statement that makes its statistics.</param>
    public IReadOnlyList<Work> All(Func<TocEntry, bool> hasRows, IReadOnlyDictionary<int, string> analyze)
    {
        var works = new List<Work>();
        foreach (var entry in order.Later.Where(order.Makes))
        {
            if (entry.HasData)
            {
                if (hasRows(entry))
                    works.Add(new Work(entry.DumpId, Title(entry), "", []) { Bytes = Bytes(order.TablesOf(entry)) });
            }
            else if (SqlOf(entry) is { Length: > 0 } sql)
            {
                works.AddRange(Of(entry, sql));
            }
        }

        works.AddRange(Statistics(works, analyze));
        return works;
    }

    /// <summary>The SQL of an entry, one character per byte; empty: none.</summary>
    public static string SqlOf(TocEntry entry)
    {
        var sql = ArchiveSql.TextOf(entry.Definition.GetValueOrDefault().Bytes).Trim();
        // The driver splits SQL at semicolons, even at those in the body of such a function or procedure.
        if (sql.Contains("BEGIN ATOMIC", StringComparison.Ordinal))
            return AsLiteral(sql);
        // Since pg_dump 17: the large objects of one owner, one OID per line.
        if (entry.Is("BLOB METADATA"u8))
        {
            var oids = sql.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return $"SELECT pg_catalog.lo_create(oid) FROM pg_catalog.unnest('{{{string.Join(',', oids)}}}'"
                + "::pg_catalog.oid[]) AS oid;";
        }

        return entry.TableAccessMethod is { Length: > 0 } method && !method.Bytes.SequenceEqual("heap"u8)
            ? $"SET LOCAL default_table_access_method = {ArchiveSql.Quoted(method)}; {sql}\n"
                + "RESET default_table_access_method;" : sql;
    }

    private static string AsLiteral(string sql)
    {
        var tag = "$godwit";
        while (sql.Contains(tag, StringComparison.Ordinal))
            tag += "_";
        return $"DO {tag}_do$ BEGIN EXECUTE {tag}${sql}{tag}$; END {tag}_do$;";
    }

    public static string Title(TocEntry entry) => entry.ToString();

    private IEnumerable<Work> Of(TocEntry entry, string sql)
    {
        int[] tables = [.. order.TablesOf(entry)];
        WorkId[] needs = [.. order.Needs(entry).Select(id => (WorkId)id)];
        int[] family = [.. tables.SelectMany(order.Below).Concat(tables).Distinct()];
        var work = new Work(entry.DumpId, Title(entry), sql, needs)
        {
            Key = EntryKey.Of(entry), Pass = RestoreOrder.PassOf(entry), Bytes = Bytes(family), Claims = family,
        };
        if (entry.Is("INDEX"u8))
        {
            // CLUSTER ON or REPLICA IDENTITY may follow, which takes a moment and needs the table alone.
            var (create, behind) = ConstraintText.OfFirst(sql);
            yield return work with
            {
                Id = new(entry.DumpId, behind.Length == 0 ? 0 : WorkId.Before),
                Sql = create,
                Claims = [],
                Shares = tables,
            };
            if (behind.Length > 0)
                yield return work with { Sql = behind, Needs = [.. needs, new(entry.DumpId, WorkId.Before)] };
        }
        else if (entry.Is("CONSTRAINT"u8) && !tables.Any(_partitioned.Contains)
            && ConstraintText.OfIndex(sql) is var (index, constraint))
        {
            yield return work with
            {
                Id = new(entry.DumpId, WorkId.Before),
                Title = $"index of {work.Title}",
                Sql = index,
                Claims = [],
                Shares = tables,
            };
            yield return work with { Sql = constraint, Needs = [.. needs, new(entry.DumpId, WorkId.Before)] };
        }
        else if (entry.Is("FK CONSTRAINT"u8))
        {
            foreach (var one in OfForeignKey(entry, work, sql, family))
                yield return one;
        }
        else
        {
            yield return work;
        }
    }

    private IEnumerable<Work> OfForeignKey(TocEntry entry, Work work, string sql, int[] family)
    {
        // The key depends on the other table's constraint, which names that table.
        var named = entry.Dependencies.Select(order.Find).OfType<TocEntry>().Where(one => one.Is("CONSTRAINT"u8))
            .SelectMany(order.TablesOf).ToList();
        int[] others = [.. named.SelectMany(order.Below).Concat(named).Distinct().Except(family)];
        work = work with { Claims = [.. family, .. others], IsForeignKeyCheck = true };
        if (ConstraintText.OfForeignKey(sql) is not var (add, validate))
        {
            yield return work;
            yield break;
        }

        yield return work with { Sql = add, IsForeignKeyCheck = false };
        yield return work with
        {
            Id = new(entry.DumpId, WorkId.Behind),
            Sql = validate,
            Needs = [entry.DumpId],
            Claims = family,
            Shares = others,
        };
    }

    // After the rows and all works on the table: an index over an expression has its own statistics.
    private IEnumerable<Work> Statistics(IReadOnlyList<Work> works, IReadOnlyDictionary<int, string> analyze)
    {
        var ofTable = works.Where(work => work.Pass == RestorePass.Main && !work.IsForeignKeyCheck)
            .SelectMany(work => work.Claims.Concat(work.Shares).Select(table => (table, work.Id)))
            .ToLookup(one => one.table, one => one.Id);
        return analyze.Select(one =>
            new Work(new(one.Key, WorkId.Statistics), $"statistics of {one.Value["ANALYZE ".Length..]}", one.Value,
                [.. order.DataOf(one.Key), .. ofTable[one.Key]])
            {
                Key = EntryKey.Of(order.Find(one.Key)!),
                Claims = [one.Key],
                // A partitioned table's statistics include all its partitions.
                Pass = _partitioned.Contains(one.Key) ? RestorePass.Last : RestorePass.Main,
            });
    }

    private long Bytes(IEnumerable<int> tables) => tables.Sum(table => bytesOfTables.GetValueOrDefault(table));

    private static bool IsPartitioned(TocEntry entry) =>
        entry.Is("TABLE"u8) && entry.Definition is { } sql && sql.Bytes.IndexOf("\nPARTITION BY "u8) >= 0;
}
