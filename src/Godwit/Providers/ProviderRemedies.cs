using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>How things are done at a provider: whole sentences with a command ready to paste at the end where there is
/// one.</summary>
public sealed record ProviderRemedies
{
    public required Func<PostgresAddress, string> TakeBackup { get; init; }

    /// <summary>Lets this machine through to the server.</summary>
    public required Func<PostgresAddress, string> OpenNetwork { get; init; }

    /// <summary>Takes back what <see cref="OpenNetwork"/> has opened; null where nothing had to be opened.</summary>
    public Func<PostgresAddress, ProviderTask>? CloseNetwork { get; init; }

    /// <summary>Makes a snapshot that outlives the deletion of the server; null where the provider's backups are
    /// deleted with it.</summary>
    public Func<PostgresAddress, ProviderTask>? FinalSnapshot { get; init; }

    /// <summary>Deletes the server, or the database where it is on a server of one's own.</summary>
    public required Func<PostgresAddress, ProviderTask> DeleteDatabase { get; init; }

    /// <summary>Ends a read-only state that the provider itself has ordered; null where none does.</summary>
    public string? LiftReadOnly { get; init; }
}

/// <summary>Something that a person does at the provider.</summary>
/// <param name="Text">Whole sentences, with the place in the console where there is no command.</param>
/// <param name="Commands">Ready to paste, in their order; capital letters stand for what is to be filled in.</param>
public sealed record ProviderTask(string Text, params IReadOnlyList<string> Commands);
