namespace Godwit.Copy.Definitions;

/// <summary>Work at the target, done once, in one transaction.</summary>
/// <param name="Title">For messages: <c>INDEX public orders_at_idx</c>.</param>
/// <param name="Sql">Empty: others do it, as for a table's rows.</param>
/// <param name="Needs">Works to be done first; works that do not exist count as done.</param>
internal sealed record Work(WorkId Id, string Title, string Sql, IReadOnlyCollection<WorkId> Needs)
{
    /// <summary>Table size up to which a work takes no longer than its round trip.</summary>
    public const long SmallBytesMax = 1L << 20;

    /// <summary>The entry's key in the ledger.</summary>
    public long Key { get; init; }

    public RestorePass Pass { get; init; }

    /// <summary>Tables that others may read and index meanwhile.</summary>
    public IReadOnlyCollection<int> Shares { get; init; } = [];

    /// <summary>Tables that the work needs alone: else it would wait for locks, and its connection with it.</summary>
    public IReadOnlyCollection<int> Claims { get; init; } = [];

    /// <summary>The table's size: the largest works begin first.</summary>
    public long Bytes { get; init; }

    /// <summary>Can be sent together with similar works, and is not reported.</summary>
    public bool IsSmall => Bytes < SmallBytesMax && Pass == RestorePass.Main;

    /// <summary>A foreign key that is validated: rows without a counterpart may make it fail.</summary>
    public bool IsForeignKeyCheck { get; init; }
}

/// <param name="Part">0: the entry itself.</param>
internal readonly record struct WorkId(int DumpId, int Part)
{
    /// <summary>A split entry's parts: an index before its constraint, a foreign key before its validation.</summary>
    public const int Before = 1, Behind = 2;

    public const int Statistics = 3;

    public static implicit operator WorkId(int dumpId) => new(dumpId, 0);
}
