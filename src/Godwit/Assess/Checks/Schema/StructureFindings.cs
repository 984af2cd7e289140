using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

internal static class StructureFindings
{
    public static Finding InvalidIndexes(string named, string statements) => new(
        "assess.invalid_indexes", Severity.Warning,
        What: $"Indexes are not valid, and the target will not have them: {named}",
        Why: "a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed or still runs; "
            + "no query uses such an index, and pg_dump leaves it out",
        Remedy: $"If nobody is building them now, rebuild them or drop the leftovers:\n{statements}");

    public static Finding NotValid(string named, string statements) => new("assess.not_valid", Severity.Note,
        What: $"Constraints were never validated for existing rows: {named}",
        Why: "they are NOT VALID, and will be so at the target: new rows are checked, old ones may violate them",
        Remedy: $"To validate them, at the source or at the target:\n{statements}");

    public static Finding NoKey(string count, string named) => new("assess.no_key", Severity.Note,
        What: $"{count} no primary key: {named}",
        Why: "a single row cannot be identified without a key: "
            + "a difference found in them cannot be narrowed down to rows, and their changes cannot be replicated",
        Remedy: "");
}
