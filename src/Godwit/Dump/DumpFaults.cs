using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

internal static class DumpFaults
{
    public static Fault SourceNewer(int serverMajor, string found) => new("dump.source_newer", FaultKind.Refused,
        What: $"Cannot dump a PostgreSQL {serverMajor} server with the pg_dump on this machine",
        Why: $"pg_dump refuses servers newer than itself, and the one found is {found}",
        Remedy: $"Install postgresql-client-{serverMajor}, or set GODWIT_PG_BIN_{serverMajor} to a folder that holds its pg_dump.");

    public static Fault ProgramUnusable(string program, string said) => new("dump.program_unusable", FaultKind.Refused,
        What: $"Cannot use {program}",
        Why: $"it does not even tell its version: {said}",
        Remedy: $"Try it yourself: {program} --version. Repair that installation, or set GODWIT_PG_BIN to the folder of one that works.");

    public static Fault Failed(PostgresAddress source, int code, string said) => new("dump.failed", FaultKind.Broken,
        What: $"pg_dump could not read {source} to the end",
        Why: $"it ended with code {code.ToString(CultureInfo.InvariantCulture)} and said: {said}",
        Remedy: "Nothing was left in the store. Remove the cause it names, then go on with: godwit resume.");

    public static Fault StillThere(string store, string key) => new("dump.still_there", FaultKind.Broken,
        What: $"Cannot remove the dump from {store}",
        Why: $"{key} was deleted, and the store still shows it",
        Remedy: "Delete it by hand: it holds all your data. If the bucket keeps versions, delete those too.");
}
