namespace Godwit.Copy.Definitions;

/// <summary>Something to be done at the target, once, in one transaction.</summary>
/// <param name="Id">The entry, and which part of what becomes of it.</param>
/// <param name="Title">What it is, for people: <c>INDEX public orders_at_idx</c>.</param>
/// <param name="Sql">Empty where others do it: the rows of a table.</param>
/// <param name="Needs">What must be done before; what is not among the works is done already.</param>
internal sealed record Work(WorkId Id, string Title, string Sql, IReadOnlyCollection<WorkId> Needs)
{
    /// <summary>Of a table: what is made of less takes no longer than asking for it.</summary>
    public const long SmallBytesMax = 1L << 20;

    /// <summary>Of its entry, for the ledger.</summary>
    public long Key { get; init; }

    public RestorePass Pass { get; init; }

    /// <summary>Tables that others may read, and index, meanwhile.</summary>
    public IReadOnlyCollection<int> Shares { get; init; } = [];

    /// <summary>Tables that it must have for itself: it would wait for their locks, and keep a connection waiting with
    /// it.</summary>
    public IReadOnlyCollection<int> Claims { get; init; } = [];

    /// <summary>Its table's size: the largest are begun first, so that none is begun last.</summary>
    public long Bytes { get; init; }

    /// <summary>It can be sent together with others like it, and nobody wants to be told of each.</summary>
    public bool IsSmall => Bytes < SmallBytesMax && Pass == RestorePass.Main;

    /// <summary>A foreign key that is looked through: rows without a counterpart are what may be wrong with
    /// it.</summary>
    public bool IsForeignKeyCheck { get; init; }
}

/// <param name="Part">0: the entry itself.</param>
internal readonly record struct WorkId(int DumpId, int Part)
{
    /// <summary>Of an entry that becomes two: an index before its constraint, a foreign key before it is looked
    /// through.</summary>
    public const int Before = 1, Behind = 2;

    /// <summary>Statistics of a table.</summary>
    public const int Statistics = 3;

    public static implicit operator WorkId(int dumpId) => new(dumpId, 0);
}
