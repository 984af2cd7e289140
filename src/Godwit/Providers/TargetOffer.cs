using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Which extensions a target lets its owner create, and in which version.</summary>
/// <param name="Versions">By name: the version that <c>CREATE EXTENSION</c> installs there.</param>
/// <param name="Schemas">By name, of those that can be in one schema only: that schema.</param>
public sealed record TargetOffer(
    IReadOnlyDictionary<string, string> Versions, IReadOnlyDictionary<string, string> Schemas)
{
    /// <summary>When its provider's list was published; null: the target itself was asked.</summary>
    public string? PublishedAsOf { get; private init; }

    /// <summary>On its list of allowed extensions, and not installed on its server. A Heroku on this machine has only
    /// what this machine has.</summary>
    public IReadOnlySet<string> NotInstalled { get; private init; } = new HashSet<string>();

    /// <summary>Of a target that does not exist yet. Nobody can tell the versions.</summary>
    /// <param name="asOf">When that was published: <c>2026-04</c>.</param>
    public static TargetOffer Published(IEnumerable<string> names, string asOf) =>
        new(names.ToDictionary(name => name, _ => "", StringComparer.Ordinal), new Dictionary<string, string>())
        {
            PublishedAsOf = asOf,
        };

    /// <summary>Asks the target itself: its list of allowed extensions, where it has one, and what is installed on its
    /// server.</summary>
    /// <exception cref="Faults.FaultException">The server did not answer.</exception>
    public static async Task<TargetOffer> FindAsync(PostgresSession target, CancellationToken ct)
    {
        // The first is of Heroku's Standard and larger plans, the second of its Essential plans and of who else runs on
        // that engine; its '*' means all.
        var listed = await target.ScalarAsync<string>("""
            SELECT coalesce(nullif(pg_catalog.current_setting('extwlist.extensions', true), ''),
                nullif(pg_catalog.current_setting('rds.allowed_extensions', true), ''), '*')
            """, ct);
        var allowed = listed!.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        var available = (await target.RowsAsync("""
            SELECT e.name::text, coalesce(e.default_version, ''), coalesce(v.schema::text, '')
            FROM pg_catalog.pg_available_extensions e
                 LEFT JOIN pg_catalog.pg_available_extension_versions v ON v.name = e.name
                     AND v.version = e.default_version
            """,
            row => (Name: row.GetString(0), Version: row.GetString(1), Schema: row.GetString(2)), ct))
            .Where(one => allowed.Contains("*") || allowed.Contains(one.Name)).ToList();
        return new(available.ToDictionary(one => one.Name, one => one.Version, StringComparer.Ordinal),
            available.Where(one =>
                one.Schema.Length > 0).ToDictionary(one => one.Name, one => one.Schema, StringComparer.Ordinal))
        {
            NotInstalled = allowed.Except(available.Select(one => one.Name).Append("*"))
                .ToHashSet(StringComparer.Ordinal),
        };
    }
}
