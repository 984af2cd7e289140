using Godwit.Postgres;

namespace Godwit.Assess.Checks;

internal static class SourceFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = [];

    public static Finding TooOld(PostgresAddress source, int major) => new("assess.too_old", Severity.Blocker,
        What: $"Cannot move {source}",
        Why: $"it runs PostgreSQL {major}, and Godwit moves from 12 on",
        Remedy: "Upgrade it at its provider first; Heroku advises the same, so that trouble of the upgrade and of the move do not mix.");

    public static Finding NoTables() => new("assess.no_tables", Severity.Warning,
        What: "The source has no tables",
        Why: "perhaps the URL names another database than you mean",
        Remedy: "List the databases of the server with: psql -l");
}
