using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Which extensions a target's owner may create, and in which versions.</summary>
/// <param name="Versions">By name: the version that <c>CREATE EXTENSION</c> installs.</param>
public sealed record TargetOffer(IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>The date of the provider's list; null: the target itself was asked.</summary>
    public string? PublishedAsOf { get; private init; }

    /// <summary>Allowed, but not installed on the server. A local Heroku has only what this machine has.</summary>
    public IReadOnlySet<string> NotInstalled { get; private init; } = new HashSet<string>();

    /// <summary>For a target that does not exist yet. Versions are unknown.</summary>
    /// <param name="asOf">When the list was published: <c>2026-04</c>.</param>
    public static TargetOffer Published(IEnumerable<string> names, string asOf) =>
        new(names.ToDictionary(name => name, _ => "", StringComparer.Ordinal))
        {
            PublishedAsOf = asOf,
        };

    /// <summary>Asks the target for its allowed extensions, if restricted, and for those its server has.</summary>
    public static async Task<TargetOffer> FindAsync(PostgresSession target, CancellationToken ct)
    {
        // extwlist.extensions is set on Heroku's Standard and larger plans; rds.allowed_extensions on its Essential
        // plans and at others on that engine, where '*' means all.
        var listed = await target.ScalarAsync<string>("""
            SELECT coalesce(nullif(pg_catalog.current_setting('extwlist.extensions', true), ''),
                nullif(pg_catalog.current_setting('rds.allowed_extensions', true), ''), '*')
            """, ct);
        var allowed = listed!.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        var available = (await target.RowsAsync("""
            SELECT e.name::text, coalesce(e.default_version, '') FROM pg_catalog.pg_available_extensions e
            """, row => (Name: row.GetString(0), Version: row.GetString(1)), ct))
            .Where(one => allowed.Contains("*") || allowed.Contains(one.Name)).ToList();
        return new(available.ToDictionary(one => one.Name, one => one.Version, StringComparer.Ordinal))
        {
            NotInstalled = allowed.Except(available.Select(one => one.Name).Append("*"))
                .ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>By name, for extensions tied to one schema: that schema. The server reads every script of every
    /// extension it has for this, 20 times the work of <see cref="FindAsync"/>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> SchemasAsync(
        PostgresSession target, CancellationToken ct) =>
        (await target.RowsAsync("""
            SELECT v.name::text, v.schema::text
            FROM pg_catalog.pg_available_extension_versions v
                 JOIN pg_catalog.pg_available_extensions e ON e.name = v.name AND e.default_version = v.version
            WHERE v.schema IS NOT NULL
            """, row => (Name: row.GetString(0), Schema: row.GetString(1)), ct))
        .ToDictionary(one => one.Name, one => one.Schema, StringComparer.Ordinal);
}
