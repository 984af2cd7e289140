using Godwit.Postgres;

namespace Godwit.Verify.Rows;

/// <param name="IsOneEncoding">Both databases have the same.</param>
/// <param name="HashesRecords">Both are PostgreSQL 14 or later.</param>
internal sealed record CommonGround(bool IsOneEncoding, bool HashesRecords);

/// <summary>Makes rows comparable: the same columns, in the same order and form, on both sides.</summary>
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

    /// <summary>Not compared.</summary>
    public IReadOnlyList<string> OnlyOnOneSide { get; }

    /// <summary>Of either side; empty: whole rows are compared.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>An index at the target finds the source's row at once.</summary>
    public bool IsFoundByKey { get; }

    public ColumnFacts Column(string name, bool isSource) =>
        _columns.First(one => one.Source.Name == name) is var found && isSource ? found.Source : found.Target;

    /// <summary>64 bits, as an SQL expression.</summary>
    public string RowHash(bool isSource) => Columns.Count == 0 ? "0::pg_catalog.int8" : Hash(isSource, Columns);

    /// <summary>64 bits; without a key, of the row.</summary>
    public string KeyHash(bool isSource) => Key.Count == 0 ? RowHash(isSource) : Hash(isSource, Key);

    /// <summary>64 bits; NULL differs from every value.</summary>
    public string ColumnHash(bool isSource, string column) => Hash(isSource, [column]);

    /// <summary>Returns the number of rows and the sum of their hashes. The sum cannot be compared with sums of
    /// <see cref="RowHash"/>: it uses a cheaper second hash, possible because the subquery names the first.</summary>
    /// <param name="from">The SQL after FROM.</param>
    public string Sum(bool isSource, string from)
    {
        if (!_common.HashesRecords || Columns.Count == 0)
            return $"SELECT pg_catalog.count(*), coalesce(pg_catalog.sum({RowHash(isSource)}), 0) FROM {from}";
        // hashint8extended folds its input to 32 bits. XOR with the number itself keeps all 64 bits distinct, and sums
        // of different rows apart.
        return $"""
            SELECT pg_catalog.count(*),
                   coalesce(pg_catalog.sum(one.h OPERATOR(pg_catalog.#) pg_catalog.hashint8extended(one.h, 0)), 0)
            FROM (SELECT {RecordHash(isSource, Columns)} AS h FROM {from} OFFSET 0) one
            """;
    }

    /// <summary>A record's hash sums column hashes times powers of 31. Rows that swapped a value could have the same
    /// total, so that hash is hashed again. Before PostgreSQL 14 records have no hash: their binary form is
    /// hashed.</summary>
    /// <remarks>hash_record_extended and record_send in PostgreSQL's rowtypes.c. hash_array_extended uses the hash
    /// function of bytea, and is the same from 11 to 18.</remarks>
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
        // Always in the order of the columns.
        return string.Join(", ", _columns.Where(one => wanted.Contains(one.Source.Name))
            .SelectMany(one =>
                (isSource ? one.Source : one.Target).In(one.Form, ServerCatalog.Quote(one.Source.Name))));
    }

    private ImageForm Form(ColumnFacts source, ColumnFacts target)
    {
        // An extension may be in another schema at the target. Different types are compared as text.
        var worse = (ImageForm)Math.Max((int)source.Best(_common.IsOneEncoding),
            (int)target.Best(_common.IsOneEncoding));
        return source.BareType == target.BareType ? worse : ImageForm.Text;
    }
}
