using Godwit.Faults;

namespace Godwit.Requests;

/// <summary>What a rehearsal restores into.</summary>
public enum RehearsalKind
{
    /// <summary>A local Heroku on this machine.</summary>
    Local,

    /// <summary>A throw-away database at Heroku.</summary>
    AddOn,
}

public static class RehearsalKinds
{
    public static EnumWords<RehearsalKind> Words { get; } =
        new(RehearsalKind.Local, (RehearsalKind.Local, "local"), (RehearsalKind.AddOn, "add-on"));
}
