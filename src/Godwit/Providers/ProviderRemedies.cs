using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>How things are done at a provider: whole sentences, a command ready to paste at the end if there is
/// one.</summary>
public sealed record ProviderRemedies
{
    public required Func<PostgresAddress, string> TakeBackup { get; init; }

    /// <summary>Lets this machine connect to the server.</summary>
    public required Func<PostgresAddress, string> OpenNetwork { get; init; }

    /// <summary>Reverts <see cref="OpenNetwork"/>; null: nothing had to be opened.</summary>
    public Func<PostgresAddress, ProviderTask>? CloseNetwork { get; init; }

    /// <summary>Makes a snapshot that survives the server's deletion; null: its backups are deleted with it.</summary>
    public Func<PostgresAddress, ProviderTask>? FinalSnapshot { get; init; }

    /// <summary>Deletes the server; on your own server, only the database.</summary>
    public required Func<PostgresAddress, ProviderTask> DeleteDatabase { get; init; }

    /// <summary>Ends a read-only state that the provider set; null: it sets none.</summary>
    public string? LiftReadOnly { get; init; }
}

/// <param name="Text">Whole sentences; says where in the console if there is no command.</param>
/// <param name="Commands">Ready to paste, in order; parts to fill in are in capitals.</param>
public sealed record ProviderTask(string Text, params IReadOnlyList<string> Commands);
