using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Which extensions a target lets its owner create, and in which version.</summary>
/// <param name="Versions">By name: the version that <c>CREATE EXTENSION</c> installs there.</param>
public sealed record TargetOffer(IReadOnlyDictionary<string, string> Versions)
{
    /// <summary>Asks the target itself: its list of allowed extensions, where it has one, and what is installed on its server.</summary>
    /// <exception cref="Faults.FaultException">The server did not answer.</exception>
    public static async Task<TargetOffer> FindAsync(PostgresSession target, CancellationToken ct)
    {
        // The first is of Heroku's Standard and larger plans, the second of its Essential plans and of who else runs on that engine; its '*' means all.
        var listed = await target.ScalarAsync<string>("""
            SELECT coalesce(nullif(pg_catalog.current_setting('extwlist.extensions', true), ''), nullif(pg_catalog.current_setting('rds.allowed_extensions', true), ''), '*')
            """, ct);
        var allowed = listed!.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        var available = await target.RowsAsync("SELECT name::text, coalesce(default_version, '') FROM pg_catalog.pg_available_extensions",
            row => (Name: row.GetString(0), Version: row.GetString(1)), ct);
        return new(available.Where(one => allowed.Contains("*") || allowed.Contains(one.Name)).ToDictionary(one => one.Name, one => one.Version, StringComparer.Ordinal));
    }
}
