using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>How things are done at a provider: whole sentences with a command ready to paste at the end where there is one.</summary>
public sealed record ProviderRemedies
{
    /// <summary>Changes a parameter of the server: its name and the value it shall have.</summary>
    public required Func<PostgresAddress, string, string, string> SetParameter { get; init; }

    public required Func<PostgresAddress, string> TakeBackup { get; init; }

    /// <summary>Lets this machine through to the server.</summary>
    public required Func<PostgresAddress, string> OpenNetwork { get; init; }

    /// <summary>Lets a role, given as an identifier ready for SQL, follow changes: SQL.</summary>
    public Func<string, string> GrantReplication { get; init; } = role => $"ALTER ROLE {role} REPLICATION;";

    /// <summary>Ends a read-only state that the provider itself has ordered; null where none does.</summary>
    public string? LiftReadOnly { get; init; }
}
