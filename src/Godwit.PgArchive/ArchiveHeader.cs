namespace Godwit.PgArchive;

/// <summary>The facts about an archive before its table of contents.</summary>
public sealed record ArchiveHeader
{
    /// <summary>gzip's default level: what pg_dump 15 and older write when no level is given.</summary>
    public const int DefaultLevel = -1;

    /// <summary>Version of the format. Another one rewrites the archive in that layout, without fields that it
    /// lacks.</summary>
    public required ArchiveVersion Version { get; init; }

    /// <summary>Of all entries' data. The header and the table of contents are never compressed.</summary>
    public required ArchiveCompression Compression { get; init; }

    /// <summary>Only version 1.14 stores it: -1 for the default, else 1 to 9; 0 exactly when there is no
    /// compression.</summary>
    public int CompressionLevel { get; init; } = DefaultLevel;

    /// <summary>When pg_dump started, by the clock of its machine.</summary>
    public required ArchiveDate CreatedAt { get; init; }

    /// <summary>Name of the dumped database.</summary>
    public ArchiveText? Database { get; init; }

    /// <summary>The server's version string: <c>15.12 (Debian 15.12-0+deb12u2)</c>.</summary>
    public ArchiveText? ServerVersion { get; init; }

    /// <summary>pg_dump's version string.</summary>
    public ArchiveText? DumpVersion { get; init; }
}

/// <summary>Compression of the data, by the format's numbers from version 1.15 on.</summary>
public enum ArchiveCompression
{
    /// <summary>No compression.</summary>
    None = 0,

    /// <summary>A zlib stream (RFC 1950) per table and per large object, despite the name.</summary>
    Gzip = 1,

    /// <summary>An LZ4 frame per table and per large object.</summary>
    Lz4 = 2,

    /// <summary>A Zstandard frame (RFC 8878) per table and per large object.</summary>
    Zstd = 3,
}

/// <summary>A local time without time zone, in the C library's fields: the seven numbers in the archive.</summary>
/// <param name="Second">0 to 60.</param>
/// <param name="Minute">0 to 59.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Day">Of the month, from 1.</param>
/// <param name="Month">From 0.</param>
/// <param name="Year">Since 1900.</param>
/// <param name="DaylightSaving">1 for summer time, 0 for not, -1 for unknown.</param>
public readonly record struct ArchiveDate(
    int Second, int Minute, int Hour, int Day, int Month, int Year, int DaylightSaving)
{
    /// <summary>A local time of this machine.</summary>
    public static ArchiveDate Of(DateTime local, bool daylightSaving) =>
        new(local.Second, local.Minute, local.Hour, local.Day, local.Month - 1, local.Year - 1900,
            daylightSaving ? 1 : 0);

    /// <summary>Null: the numbers are no valid date.</summary>
    public DateTime? ToLocal() =>
        Year is >= -1899 and <= 8099 && Month is >= 0 and <= 11 && Day >= 1
        && Day <= DateTime.DaysInMonth(Year + 1900, Month + 1)
        && Hour is >= 0 and <= 23 && Minute is >= 0 and <= 59 && Second is >= 0 and <= 60
            ? new DateTime(Year + 1900, Month + 1, Day, Hour, Minute, Math.Min(Second, 59), DateTimeKind.Unspecified)
            : null;
}
