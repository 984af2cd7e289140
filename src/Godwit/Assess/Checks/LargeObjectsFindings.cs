using Godwit.Postgres;

namespace Godwit.Assess.Checks;

internal static class LargeObjectsFindings
{
    public static Finding Many(long count, long megabytes) => new("assess.large_objects", Severity.Warning,
        What: $"There are {ServerCatalog.Number(count)} large objects, {ServerCatalog.Number(megabytes)} MB",
        Why: "a restore makes them one by one, and Heroku advises its own against many of them",
        Remedy: "Rehearse the restore and see how long it takes. Those that no row refers to any more can be found and removed with: vacuumlo --dry-run --verbose DATABASE");
}
