using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <summary>Turns the last messages of a failed pg_dump into a fault. pg_dump's own are English, because it runs with
/// LC_ALL=C. The server's are in its language; unrecognized ones are reported as they are.</summary>
internal static partial class PgDumpFailure
{
    /// <param name="said">From <see cref="PgDumpCall.Said"/>.</param>
    /// <param name="options">Of this pg_dump: its messages do not repeat the patterns.</param>
    public static Fault Of(PostgresAddress source, int code, string said, ExtractOptions options)
    {
        if (NothingMatched().Match(said) is { Success: true } nothing)
        {
            return nothing.Groups["kind"].Value == "tables"
                ? ExtractFaults.NoTableMatches(Listed(options.Tables))
                : ExtractFaults.NoSchemaMatches(Listed(options.Schemas));
        }

        if (LockTimedOut().Match(said) is { Success: true } locked)
            return ExtractFaults.TablesLocked(source, locked.Groups["tables"].Value is var tables
                && !tables.Contains(", ", StringComparison.Ordinal) ? SqlLexer.Plain(tables) : null);
        if (Conflict().Match(said) is { Success: true } conflict)
            return PostgresFaults.RecoveryConflict(source, conflict.Value);
        return Denied().Match(said) is { Success: true } denied
            ? ExtractFaults.Forbidden(source.User, denied.Value.TrimEnd(),
                Grant(denied.Groups["kind"].Value, denied.Groups["name"].Value.TrimEnd(), said, source.User))
            : ExtractFaults.Failed(source, code, said);
    }

    private static string Listed(ImmutableArray<string> patterns) =>
        string.Join(" or ", patterns.Select(pattern => $"'{pattern}'"));

    private static string Grant(string kind, string name, string said, string user) => kind switch
    {
        "schema" => $"GRANT USAGE ON SCHEMA {ServerCatalog.Quote(name)} TO {ServerCatalog.Quote(user)};",
        "sequence" => $"GRANT SELECT ON SEQUENCE {Qualified(name, said)} TO {ServerCatalog.Quote(user)};",
        "large object" => $"GRANT SELECT ON LARGE OBJECT {name} TO {ServerCatalog.Quote(user)};",
        _ => $"GRANT SELECT ON {Qualified(name, said)} TO {ServerCatalog.Quote(user)};",
    };

    // The server names a table without schema; the query in pg_dump's message has the schema.
    private static string Qualified(string name, string said) =>
        QualifiedName().Matches(said).FirstOrDefault(match => Unquoted(match.Groups["name"].Value) == name)?.Value
        ?? ServerCatalog.Quote(name);

    private static string Unquoted(string name) =>
        name[0] == '"' ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    // "pg_dump: error: no matching tables were found"; with --strict-names it names the pattern.
    [GeneratedRegex("no matching (?<kind>tables|schemas) were found", RegexOptions.CultureInvariant)]
    private static partial Regex NothingMatched();

    // "pg_dump: error: query failed: ERROR: canceling statement due to statement timeout", and "pg_dump: detail: Query
    // was: LOCK TABLE public.users IN ACCESS SHARE MODE": --lock-wait-timeout is a statement_timeout.
    // https://github.com/postgres/postgres/blob/REL_17_STABLE/src/bin/pg_dump/pg_dump.c, getTables.
    [GeneratedRegex("due to statement timeout.*LOCK TABLE (?<tables>.+) IN ACCESS SHARE MODE",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex LockTimedOut();

    // "pg_dump: error: Dumping the contents of table "users" failed: PQgetResult() failed.", and "pg_dump: detail:
    // Error message from server: ERROR: canceling statement due to conflict with recovery"; after a savepoint, or in an
    // idle session: "FATAL: terminating connection due to conflict with recovery".
    [GeneratedRegex("(?:canceling statement|terminating connection) due to conflict with recovery",
        RegexOptions.CultureInvariant)]
    private static partial Regex Conflict();

    // "pg_dump: error: query failed: ERROR:  permission denied for table users"
    [GeneratedRegex("permission denied for (?<kind>table|view|materialized view|foreign table|relation|sequence|schema"
        + "|large object) (?<name>[^\r\n]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Denied();

    // "pg_dump: detail: Query was: LOCK TABLE public.users, "Odd schema"."Odd ""table""" IN ACCESS SHARE MODE"
    [GeneratedRegex("""(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{Nd}_$]*)\.(?<name>"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{Nd}_$]*)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedName();
}
