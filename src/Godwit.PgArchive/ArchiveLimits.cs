namespace Godwit.PgArchive;

/// <summary>The most that is believed of what an archive says of itself. Nothing is allocated before its bytes have
/// really arrived; beyond a limit reading stops with <see cref="ArchiveProblem.LimitExceeded"/>.</summary>
/// <remarks>The defaults hold a database of a million tables, or of a million large objects, with room to
/// spare.</remarks>
public sealed record ArchiveLimits
{
    /// <summary>What is used when nobody says otherwise.</summary>
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Header and table of contents together. A table with its data and its key takes about 1,500 bytes; in
    /// memory, three times as much at most.</summary>
    public long HeadBytesMax { get; init; } = 2L << 30;

    /// <summary>Entries of the table of contents. pg_dump 16 and older write one for each large object.</summary>
    public int EntriesMax { get; init; } = 10_000_000;

    /// <summary>One text: a name, a definition. The longest are definitions of views and functions; PostgreSQL itself
    /// ends at 1 GB.</summary>
    public int TextBytesMax { get; init; } = 256 << 20;

    /// <summary>Dependencies of one entry.</summary>
    public int DependenciesMax { get; init; } = 1_000_000;
}
