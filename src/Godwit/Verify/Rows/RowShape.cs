using Godwit.Postgres;

namespace Godwit.Verify.Rows;

/// <summary>What the two servers have in common.</summary>
/// <param name="IsOneEncoding">Both databases keep texts in the same encoding.</param>
/// <param name="HashesRecords">Both are PostgreSQL 14 or later.</param>
internal sealed record CommonGround(bool IsOneEncoding, bool HashesRecords);

/// <summary>How the rows of one table are made comparable: the same columns, in the same order, in the same form on
/// both sides.</summary>
internal sealed class RowShape
{
    private readonly IReadOnlyList<(ColumnFacts Source, ColumnFacts Target, ImageForm Form)> _columns;
    private readonly CommonGround _common;

    public RowShape(SideTable source, SideTable target, CommonGround common)
    {
        _common = common;
        var there = target.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        _columns = [.. source.Columns.Where(column => there.ContainsKey(column.Name))
            .Select(column => (column, there[column.Name], Form(column, there[column.Name])))];
        Columns = [.. _columns.Select(one => one.Source.Name)];
        OnlyOnOneSide = [.. source.Columns.Concat(target.Columns).Select(column => column.Name).Except(Columns)];
        var shared = Columns.ToHashSet(StringComparer.Ordinal);
        Key = source.Key.Count > 0 && source.Key.All(shared.Contains) ? source.Key
            : target.Key.Count > 0 && target.Key.All(shared.Contains) ? target.Key : [];
        IsFoundByKey = Key.Count > 0 && Key.ToHashSet(StringComparer.Ordinal).SetEquals(target.Key)
            && Key.All(name => Column(name, isSource: false).HasOwnEquality);
    }

    /// <summary>Names, not quoted, in the source's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Not compared: the other side has no column of that name.</summary>
    public IReadOnlyList<string> OnlyOnOneSide { get; }

    /// <summary>Of either side; empty: whole rows are told apart.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>A row of the source is found at the target at once, by an index.</summary>
    public bool IsFoundByKey { get; }

    public ColumnFacts Column(string name, bool isSource) =>
        _columns.First(one => one.Source.Name == name) is var found && isSource ? found.Source : found.Target;

    /// <summary>64 bits of everything in a row, as an SQL expression.</summary>
    public string RowHash(bool isSource) => Columns.Count == 0 ? "0::pg_catalog.int8" : Hash(isSource, Columns);

    /// <summary>64 bits of the key; without one, of the row.</summary>
    public string KeyHash(bool isSource) => Key.Count == 0 ? RowHash(isSource) : Hash(isSource, Key);

    /// <summary>64 bits of one column; NULL is told apart from every value.</summary>
    public string ColumnHash(bool isSource, string column) => Hash(isSource, [column]);

    /// <summary>A statement that returns how many rows there are, and the sum of their hashes. Of no use beside other
    /// hashes: mixing them once more costs less here, where the first one has a name, than <see cref="RowHash"/> can
    /// make it.</summary>
    /// <param name="from">What stands behind FROM.</param>
    public string Sum(bool isSource, string from)
    {
        if (!_common.HashesRecords || Columns.Count == 0)
            return $"SELECT pg_catalog.count(*), coalesce(pg_catalog.sum({RowHash(isSource)}), 0) FROM {from}";
        // The hash of an int8 has 64 bits of 32; with the number itself it is another one for each number, and no sum
        // of such is that of others.
        return $"""
            SELECT pg_catalog.count(*),
                   coalesce(pg_catalog.sum(one.h OPERATOR(pg_catalog.#) pg_catalog.hashint8extended(one.h, 0)), 0)
            FROM (SELECT {RecordHash(isSource, Columns)} AS h FROM {from} OFFSET 0) one
            """;
    }

    /// <summary>The hash of a record adds up its columns' hashes, each times a power of 31: two rows that had swapped a
    /// value would have the same sum, so what it says is hashed once more. Before PostgreSQL 14 records have no hash;
    /// their binary form has one, which is bytes.</summary>
    /// <remarks>hash_record_extended and record_send in PostgreSQL's rowtypes.c. hash_array_extended hashes the bytes
    /// by the hash function of bytea, and is the same from 11 to 18.</remarks>
    private string Hash(bool isSource, IReadOnlyList<string> names)
    {
        var bytes = _common.HashesRecords
            ? $"pg_catalog.int8send({RecordHash(isSource, names)})"
            : $"pg_catalog.record_send(ROW({Parts(isSource, names)}))";
        return $"pg_catalog.hash_array_extended(ARRAY[{bytes}], 0)";
    }

    private string RecordHash(bool isSource, IReadOnlyList<string> names) =>
        $"pg_catalog.hash_record_extended(ROW({Parts(isSource, names)}), 0)";

    private string Parts(bool isSource, IReadOnlyList<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        // One order for all: that of the columns.
        return string.Join(", ", _columns.Where(one => wanted.Contains(one.Source.Name))
            .SelectMany(one =>
                (isSource ? one.Source : one.Target).In(one.Form, ServerCatalog.Quote(one.Source.Name))));
    }

    private ImageForm Form(ColumnFacts source, ColumnFacts target)
    {
        // An extension may be in another schema there. Values of two different types are compared as they are written.
        var worse = (ImageForm)Math.Max((int)source.Best(_common.IsOneEncoding),
            (int)target.Best(_common.IsOneEncoding));
        return source.BareType == target.BareType ? worse : ImageForm.Text;
    }
}
