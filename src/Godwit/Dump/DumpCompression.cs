using System.Globalization;
using Godwit.Faults;
using Godwit.PgArchive;

namespace Godwit.Dump;

/// <summary>How a dump is compressed, as <c>--compress</c> of pg_dump 16 says it.</summary>
/// <param name="Algorithm">What is not gzip or none, only pg_restore 16 and newer reads.</param>
/// <param name="Level">Null: the usual one.</param>
public sealed record DumpCompression(ArchiveCompression Algorithm, int? Level = null)
{
    // The fastest level whose archives are not larger than pg_dump's at zlib's level 6: .NET uses zlib-ng, whose levels
    // differ. In bench/dump level 4 is 0.4 % above, level 5 is 1 % below.
    private const int GzipUsual = 5;

    // Zstandard's own, and pg_dump's.
    private const int ZstdUsual = 3;

    private const int Lz4Usual = 1;

    public static DumpCompression Usual { get; } = new(ArchiveCompression.Gzip);

    /// <param name="level">0 does not compress. Null: the usual one.</param>
    public static DumpCompression OfLevel(int? level) =>
        level == 0 ? new(ArchiveCompression.None) : new(ArchiveCompression.Gzip, level);

    /// <returns>Null: neither a level nor NAME nor NAME:LEVEL.</returns>
    public static DumpCompression? Parse(string text)
    {
        if (Number(text) is { } only)
            return OfLevel(only);
        var (name, level) = text.Split(':') is [var before, var after] ? (before, after) : (text, null);
        if (level is not null && Number(level) is null)
            return null;
        return name switch
        {
            "none" when level is null => new(ArchiveCompression.None),
            "gzip" => OfLevel(Number(level)),
            "lz4" => new(ArchiveCompression.Lz4, Number(level)),
            "zstd" => new(ArchiveCompression.Zstd, Number(level)),
            _ => null,
        };
    }

    public DataCompression Data => new(Algorithm, Level ?? Algorithm switch
    {
        ArchiveCompression.Gzip => GzipUsual,
        ArchiveCompression.Lz4 => Lz4Usual,
        ArchiveCompression.Zstd => ZstdUsual,
        _ => 0,
    });

    /// <summary>pg_dump's option. Null: its default. Before 16 it knows levels only.</summary>
    public string? PgDumpOption => Algorithm switch
    {
        ArchiveCompression.None => "--compress=0",
        ArchiveCompression.Gzip => Level is { } level ? $"--compress={Text(level)}" : null,
        _ => $"--compress={this}",
    };

    public IEnumerable<OptionProblem> Problems()
    {
        var (min, max) = Algorithm switch
        {
            ArchiveCompression.Lz4 => (1, 12),
            // A worker needs hundreds of megabytes for the three above.
            ArchiveCompression.Zstd => (1, 19),
            _ => (1, 9),
        };
        if (Level is null || (Level >= min && Level <= max))
            return [];
        return Algorithm == ArchiveCompression.Gzip
            ? [new("--compress", $"is {Level}", "Give a level from 0 (none) to 9 (smallest).")]
            : [new("--compress", $"is {this}", $"Give a level from {min} (fastest) to {max} (smallest).")];
    }

    /// <summary><c>zstd:3</c>, <c>lz4</c>.</summary>
    public override string ToString() =>
        Algorithm.ToString().ToLowerInvariant() + (Level is { } level ? ":" + Text(level) : "");

    private static string Text(int level) => level.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
