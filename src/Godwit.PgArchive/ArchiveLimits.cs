namespace Godwit.PgArchive;

/// <summary>Bounds on the sizes that an archive claims. Memory is allocated only as bytes arrive. Beyond a limit,
/// reading stops with <see cref="ArchiveProblem.LimitExceeded"/>. The defaults easily fit a database of a million
/// tables, or of a million large objects.</summary>
public sealed record ArchiveLimits
{
    /// <summary>The default limits.</summary>
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Header and table of contents. A table with its data and its key takes about 1,500 bytes, and at most
    /// three times as much in memory.</summary>
    public long HeadBytesMax { get; init; } = 2L << 30;

    /// <summary>Entries of the table of contents. pg_dump 16 and older write one for each large object.</summary>
    public int EntriesMax { get; init; } = 10_000_000;

    /// <summary>One text. The longest are definitions of views and functions; PostgreSQL's own limit is 1 GB.</summary>
    public int TextBytesMax { get; init; } = 256 << 20;

    /// <summary>Dependencies of one entry.</summary>
    public int DependenciesMax { get; init; } = 1_000_000;
}
