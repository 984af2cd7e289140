namespace Godwit.Journal;

/// <summary>Into what a rehearsal restores, as it is kept with a run.</summary>
public static class RehearsalKind
{
    /// <summary>A local Heroku on this machine.</summary>
    public const string Local = "local";

    /// <summary>A throw-away database at Heroku.</summary>
    public const string AddOn = "add-on";
}
