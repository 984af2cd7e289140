namespace Godwit.PgArchive;

/// <summary>Version of the archive format, which changes less often than pg_dump's: <c>1.14-0</c>.</summary>
/// <param name="Major">Always 1 so far.</param>
/// <param name="Minor">14 for pg_dump 12 to 15, 15 for pg_dump 16, 16 for pg_dump 17 and 18.</param>
/// <param name="Revision">Always 0 so far.</param>
public readonly record struct ArchiveVersion(byte Major, byte Minor, byte Revision) : IComparable<ArchiveVersion>
{
    /// <summary>1.14, of pg_dump 12 to 15: the oldest supported.</summary>
    public static readonly ArchiveVersion PgDump12 = new(1, 14, 0);

    /// <summary>1.15, of pg_dump 16: the header names the compression instead of giving its level.</summary>
    public static readonly ArchiveVersion PgDump16 = new(1, 15, 0);

    /// <summary>1.16, of pg_dump 17 and 18: entries have the relation's kind.</summary>
    public static readonly ArchiveVersion PgDump17 = new(1, 16, 0);

    /// <summary>The header stores the compression algorithm; older versions store the level.</summary>
    internal bool NamesCompression => this >= PgDump16;

    internal bool HasRelationKind => this >= PgDump17;

    /// <summary>This library reads and writes the version.</summary>
    public bool IsSupported => Major == 1 && Minor is >= 14 and <= 16;

    /// <inheritdoc/>
    public int CompareTo(ArchiveVersion other) =>
        (Major, Minor, Revision).CompareTo((other.Major, other.Minor, other.Revision));

    /// <summary>As pg_restore -l writes it: <c>1.14-0</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}-{Revision}";

    /// <summary>Older.</summary>
    public static bool operator <(ArchiveVersion left, ArchiveVersion right) => left.CompareTo(right) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(ArchiveVersion left, ArchiveVersion right) => left.CompareTo(right) > 0;

    /// <summary>Older, or the same.</summary>
    public static bool operator <=(ArchiveVersion left, ArchiveVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Newer, or the same.</summary>
    public static bool operator >=(ArchiveVersion left, ArchiveVersion right) => left.CompareTo(right) >= 0;
}
