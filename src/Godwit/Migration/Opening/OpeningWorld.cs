using Godwit.Faults;
using Godwit.Journal;
using Godwit.Postgres;
using Godwit.Storage.Disk;

namespace Godwit.Migration.Opening;

/// <summary>What the words of a run are looked up in, whoever took them: the command line, a page, a worker.</summary>
public sealed record OpeningWorld
{
    public required DatabaseOpener Databases { get; init; }
    public required HerokuOpener Heroku { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>What of the environment must not be shown when a command of the user prints it.</summary>
    public required IReadOnlyList<Secret> EnvironmentSecrets { get; init; }

    public required TimeProvider Clock { get; init; }
    public required IProcessRunner Processes { get; init; }

    /// <summary>Serves what lies in a <c>disk:</c> store.</summary>
    public required Func<ILinkHost> MakeLinkHost { get; init; }

    public required IRunStore Runs { get; init; }

    /// <summary>Told what a person should know, also when a fault follows.</summary>
    public required Action<OpeningNote> Note { get; init; }
}

/// <summary>Something worth knowing that stops nothing.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Next">What to do about it: a sentence. Null: nothing.</param>
public sealed record OpeningNote(OpeningNoteKind Kind, string Text, string? Next = null);

public enum OpeningNoteKind
{
    /// <summary>Godwit has chosen something that nobody named.</summary>
    Chosen,

    /// <summary>Something is not as safe as it could be.</summary>
    Warning,
}
