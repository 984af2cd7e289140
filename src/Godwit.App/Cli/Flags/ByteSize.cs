using System.Globalization;

namespace Godwit.App.Cli.Flags;

/// <summary>As typed: <c>500kB</c>, <c>20MB</c>. Decimal units.</summary>
internal static class ByteSize
{
    public const long Kilo = 1000;

    private static readonly (string Unit, long Bytes)[] Units = [("TB", Kilo * Kilo * Kilo * Kilo),
        ("GB", Kilo * Kilo * Kilo), ("MB", Kilo * Kilo), ("kB", Kilo), ("B", 1), ("", 1)];

    public static bool TryParse(string text, out long bytes)
    {
        var (unit, factor) = Units.First(one => text.EndsWith(one.Unit, StringComparison.OrdinalIgnoreCase));
        var isNumber = decimal.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / factor;
        bytes = isNumber ? (long)(number * factor) : 0;
        return isNumber;
    }
}
