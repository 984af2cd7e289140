using System.Globalization;
using Godwit.Postgres;

namespace Godwit.Verify.Rows;

/// <summary>How the rows of one table are made comparable: the same columns, in the same order, in the same form on both sides.</summary>
internal sealed class RowShape
{
    private readonly IReadOnlyList<(ColumnFacts Source, ColumnFacts Target, ImageForm Form)> _columns;

    public RowShape(SideTable source, SideTable target)
    {
        var there = target.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        _columns = [.. source.Columns.Where(column => there.ContainsKey(column.Name)).Select(column => (column, there[column.Name], Form(column, there[column.Name])))];
        Columns = [.. _columns.Select(one => one.Source.Name)];
        OnlyOnOneSide = [.. source.Columns.Concat(target.Columns).Select(column => column.Name).Except(Columns)];
        var shared = Columns.ToHashSet(StringComparer.Ordinal);
        Key = source.Key.Count > 0 && source.Key.All(shared.Contains) ? source.Key : target.Key.Count > 0 && target.Key.All(shared.Contains) ? target.Key : [];
    }

    /// <summary>Names, not quoted, in the source's order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Not compared: the other side has no column of that name.</summary>
    public IReadOnlyList<string> OnlyOnOneSide { get; }

    /// <summary>Of either side; empty: whole rows are told apart.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>The only column of the key, when it is a whole number on both sides.</summary>
    public string? NumberKey => Key is [var name] && _columns.First(one => one.Source.Name == name) is { Source.IsWholeNumber: true, Target.IsWholeNumber: true } ? name : null;

    /// <summary>64 bits of everything in a row, as an SQL expression.</summary>
    public string RowHash(bool isSource) => Columns.Count == 0 ? "0::pg_catalog.int8" : Hash(Parts(isSource, Columns));

    /// <summary>64 bits of the key.</summary>
    public string KeyHash(bool isSource) => Key.Count == 0 ? RowHash(isSource) : Hash(Parts(isSource, Key));

    /// <summary>64 bits of one column; NULL is told apart from every value.</summary>
    public string ColumnHash(bool isSource, string column) => Hash(Parts(isSource, [column]));

    /// <summary>The row's bytes in the binary form of a composite value: for each column its type, its length (-1 for NULL) and its value. So no value
    /// can run over into the next column, and two rows that swap a value are other rows, which a sum over hashes of columns would not see.</summary>
    /// <remarks>hash_array_extended is there since PostgreSQL 11, hashes the bytes with the hash function of bytea, and is the same on every version.
    /// https://www.postgresql.org/docs/current/xfunc-c.html (send functions), record_send in rowtypes.c</remarks>
    private static string Hash(string parts) => $"pg_catalog.hash_array_extended(ARRAY[pg_catalog.record_send(ROW({parts}))], 0)";

    private string Parts(bool isSource, IReadOnlyList<string> names)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        // One order for all: that of the columns.
        return string.Join(", ", _columns.Where(one => wanted.Contains(one.Source.Name))
            .Select(one => (isSource ? one.Source : one.Target).In(one.Form, ServerCatalog.Quote(one.Source.Name))));
    }

    private static ImageForm Form(ColumnFacts source, ColumnFacts target)
    {
        // An extension may be in another schema there. Values of two different types are compared as they are written.
        var worse = (ImageForm)Math.Max((int)source.Best, (int)target.Best);
        return source.BareType == target.BareType ? worse : ImageForm.Text;
    }

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
