using Godwit.Faults;
using Godwit.Journal;
using Godwit.Postgres;
using Godwit.Storage.Disk;

namespace Godwit.Migration.Opening;

/// <summary>Where the command line, a page or a worker looks up a run's settings.</summary>
public sealed record OpeningWorld
{
    public required DatabaseOpener Databases { get; init; }
    public required HerokuOpener Heroku { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>Secrets of the environment, hidden when a user's command prints them.</summary>
    public required IReadOnlyList<Secret> EnvironmentSecrets { get; init; }

    public required TimeProvider Clock { get; init; }
    public required IProcessRunner Processes { get; init; }

    /// <summary>Serves the files of a <c>disk:</c> store.</summary>
    public required Func<ILinkHost> MakeLinkHost { get; init; }

    public required IRunStore Runs { get; init; }

    /// <summary>Called with what the user should know, also when a fault follows.</summary>
    public required Action<OpeningNote> Note { get; init; }
}

/// <summary>Something worth knowing that stops nothing.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Next">What to do: a sentence. Null: nothing.</param>
public sealed record OpeningNote(OpeningNoteKind Kind, string Text, string? Next = null);

public enum OpeningNoteKind
{
    /// <summary>Godwit chose something that the user did not name.</summary>
    Chosen,

    /// <summary>Something is not as safe as it could be.</summary>
    Warning,
}
