using Godwit.Faults;

namespace Godwit.Postgres;

internal static class PostgresFaults
{
    public static Fault ProgramNotStarted(string program, string why) => new("process.not_started", FaultKind.Refused,
        What: $"Cannot start {program}",
        Why: why,
        Remedy: "Install it, or set GODWIT_PG_BIN to the folder that holds PostgreSQL's programs.");

    public static Fault ToolsMissing(string program) => new("postgres.tools_missing", FaultKind.Refused,
        What: $"Cannot find {program} on this machine",
        Why: "neither GODWIT_PG_BIN, GODWIT_PG_BIN_<major> nor /usr/lib/postgresql/*/bin holds it",
        Remedy: "Install it (Debian: apt-get install postgresql-15), or set GODWIT_PG_BIN to its folder.");
}
