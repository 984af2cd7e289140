using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>What a server's answer means.</summary>
public sealed partial class PostgresSession
{
    /// <summary>Somebody else held the lock for longer than <c>lock_timeout</c>.</summary>
    public const string LockNotAvailable = "55P03";

    public const string InsufficientPrivilege = "42501";
    public const string UndefinedTable = "42P01";
    public const string UndefinedSchema = "3F000";

    /// <summary>A message has fewer or more bytes than it needs. As an error, and no fatal one, the session goes on
    /// behind it: a receive function says this of bytes that are no value of its type.</summary>
    public const string ProtocolViolation = "08P01";

    /// <summary>The server's memory for locks, among others, is full.</summary>
    public const string OutOfMemory = "53200";

    /// <summary>A character has no counterpart in the encoding it is to be converted to.</summary>
    public const string UntranslatableCharacter = "22P05";

    /// <summary>A statement took longer than <c>statement_timeout</c>, or somebody ended it.</summary>
    public const string QueryCanceled = "57014";

    /// <summary>On a standby: the replay needed what the session read or kept from being changed. Elsewhere:
    /// transactions that cannot be put into an order.</summary>
    private const string SerializationFailure = "40001";

    /// <summary>The server, the database or the role has reached its limit of connections.</summary>
    public const string TooManyConnections = "53300";

    /// <summary>Whether a fault of a session is the server's answer with this SQLSTATE.</summary>
    public static bool IsAnswer(FaultException e, string sqlState) => e.InnerException is PostgresException answer && answer.SqlState == sqlState;

    /// <summary>Whether a standby has ended a statement or a session for the sake of its replay, or is likely to
    /// have.</summary>
    public static bool IsRecoveryConflict(FaultException e) => e.Fault.Code is "postgres.recovery_conflict" or "postgres.standby_lost";

    /// <summary>Whether the session is gone, so that it answers nothing any more.</summary>
    public static bool IsLost(FaultException e) => e.Fault.Code == "postgres.connection_lost" || IsRecoveryConflict(e);

    /// <summary>Whether something that was asked for is not there: a table, column, function, type or schema; or a
    /// function of the catalogs does not find (XX000) what the catalog's rows name, because it was dropped meanwhile.
    /// The driver closes a session that has said the latter.</summary>
    public static bool IsAboutMissing(FaultException e) =>
        StateOf(e) is UndefinedTable or UndefinedSchema or "42703" or "42883" or "42704" or "XX000";

    /// <summary>Whether the server has refused the statement, also because a lock was not free in time.</summary>
    public static bool IsRefused(FaultException e) => e.Fault.Code is "postgres.statement" or "postgres.locked";

    /// <summary>The SQLSTATE of the server's answer; null when it is none.</summary>
    public static string? StateOf(FaultException e) => (e.InnerException as PostgresException)?.SqlState;
}
