using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Classifies the server's errors by SQLSTATE.</summary>
public sealed partial class PostgresSession
{
    /// <summary>The wait for another session's lock exceeded <c>lock_timeout</c>.</summary>
    public const string LockNotAvailable = "55P03";

    public const string InsufficientPrivilege = "42501";
    public const string UndefinedTable = "42P01";
    public const string UndefinedSchema = "3F000";

    /// <summary>A message has too few or too many bytes. If not fatal, the session continues: receive functions raise
    /// this for bytes that are no value of their type.</summary>
    public const string ProtocolViolation = "08P01";

    /// <summary>Among others: the shared lock table is full.</summary>
    public const string OutOfMemory = "53200";

    /// <summary>A character is missing in the encoding to convert to.</summary>
    public const string UntranslatableCharacter = "22P05";

    /// <summary>By <c>statement_timeout</c>, or by somebody.</summary>
    public const string QueryCanceled = "57014";

    // On a standby: a conflict with recovery. On a primary: transactions cannot be serialized.
    private const string SerializationFailure = "40001";

    /// <summary>The server, database or role has reached its connection limit.</summary>
    public const string TooManyConnections = "53300";

    public static bool IsAnswer(FaultException e, string sqlState) =>
        e.InnerException is PostgresException answer && answer.SqlState == sqlState;

    /// <summary>A standby certainly or probably ended a statement or session because of a conflict with
    /// recovery.</summary>
    public static bool IsRecoveryConflict(FaultException e) =>
        e.Fault.Code is "postgres.recovery_conflict" or "postgres.standby_lost";

    /// <summary>The session has ended.</summary>
    public static bool IsLost(FaultException e) => e.Fault.Code == "postgres.connection_lost" || IsRecoveryConflict(e);

    /// <summary>A table, column, function, type or schema is missing. Also XX000: a catalog function did not find an
    /// object that was dropped meanwhile. The driver closes the session after an XX000.</summary>
    public static bool IsAboutMissing(FaultException e) =>
        StateOf(e) is UndefinedTable or UndefinedSchema or "42703" or "42883" or "42704" or "XX000";

    /// <summary>The server refused the statement, also because a lock was not free in time.</summary>
    public static bool IsRefused(FaultException e) => e.Fault.Code is "postgres.statement" or "postgres.locked";

    /// <summary>The SQLSTATE; null: not an answer of the server.</summary>
    public static string? StateOf(FaultException e) => (e.InnerException as PostgresException)?.SqlState;
}
