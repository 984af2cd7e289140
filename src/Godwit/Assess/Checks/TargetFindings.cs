using Godwit.Postgres;

namespace Godwit.Assess.Checks;

internal static class TargetFindings
{
    public static IReadOnlyList<string> Acceptable { get; } = [];

    public static Finding SameDatabase(PostgresAddress source) => new("assess.same_database", Severity.Blocker,
        What: "Source and target are the same database",
        Why: $"both lead to {source}; a restore would delete the only copy",
        Remedy: "Check --from and --to.");

    public static Finding NoTarget() => new("assess.no_target", Severity.Note,
        What: "Nothing was compared with a target",
        Why: "none was named",
        Remedy: "Name it, and its extensions, plan and contents are looked at too: --to heroku:APP");
}
