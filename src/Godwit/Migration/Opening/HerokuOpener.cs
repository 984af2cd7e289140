using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Requests;

namespace Godwit.Migration.Opening;

/// <summary>The Heroku that the environment names.</summary>
/// <param name="note">Called for a token that others can read.</param>
public sealed class HerokuOpener(Func<string, string?> environment, TimeProvider clock, Action<OpeningNote> note)
{
    // A Heroku on this machine costs nothing to ask and answers at once.
    private static readonly TimeSpan LocalInterval = TimeSpan.FromMilliseconds(300);

    /// <exception cref="FaultException"><c>cli.other_heroku</c>: the run belongs to another one.</exception>
    public HerokuClient OpenFor(HerokuSettings settings)
    {
        var platform = HerokuEndpoints.From(environment).Platform;
        if (settings.Host is { } before && before != platform.Host)
            throw new FaultException(MigrationFaults.OtherHeroku(before, platform.Host));
        return Open(platform.IsLoopback
            ? new HerokuOptions { TransferInterval = LocalInterval, ProvisionInterval = LocalInterval } : null);
    }

    /// <param name="options">Null: the defaults for Heroku itself.</param>
    public HerokuClient Open(HerokuOptions? options = null)
    {
        var heroku = HerokuClient.From(environment, clock, options);
        if (heroku.TokenWarning is { } warning)
            note(new(OpeningNoteKind.Warning, warning));
        return heroku;
    }
}
