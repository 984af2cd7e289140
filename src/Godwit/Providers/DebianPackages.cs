using System.Globalization;

namespace Godwit.Providers;

/// <summary>PostgreSQL's own extensions are in the server's package. Names:
/// https://packages.debian.org/search?keywords=postgresql-15; apt.postgresql.org uses the same for every major and has
/// pgvector for all of them.</summary>
public static class DebianPackages
{
    private static readonly Dictionary<string, string> Suffixes = new(StringComparer.Ordinal)
    {
        ["address_standardizer"] = "-postgis-3", ["address_standardizer_data_us"] = "-postgis-3",
        ["postgis"] = "-postgis-3", ["postgis_raster"] = "-postgis-3",
        ["postgis_sfcgal"] = "-postgis-3", ["postgis_tiger_geocoder"] = "-postgis-3",
        ["postgis_topology"] = "-postgis-3", ["pg_partman"] = "-partman", ["vector"] = "-pgvector",
    };

    /// <summary>For PostgreSQL 15: <c>apt-get install postgresql-15-postgis-3</c>.</summary>
    public static string Line(IEnumerable<string> extensions, int major) =>
        "apt-get install " + string.Join(' ', extensions
            .Select(name => string.Create(CultureInfo.InvariantCulture,
                $"postgresql-{major}{Suffixes.GetValueOrDefault(name, "")}"))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
