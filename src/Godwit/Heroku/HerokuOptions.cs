namespace Godwit.Heroku;

/// <summary>Limits and pauses of all calls. The defaults are here and nowhere else.</summary>
public sealed record HerokuOptions
{
    /// <summary>No connection takes longer to stand, short of a network that swallows packets.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>One attempt, from connecting to the last byte of the answer. Heroku's own command line waits as
    /// long.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts per call, the first included: with the pauses below about half a minute of trouble is ridden
    /// out.</summary>
    public int AttemptsMax { get; init; } = 6;

    /// <summary>Upper end of the first pause; it doubles with every attempt.</summary>
    public TimeSpan PauseBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a 429 that names no time is taken to ask for: Heroku refills about 75 calls per minute and
    /// account.</summary>
    public TimeSpan RateLimitPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No pause is longer, however many attempts there were.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at a transfer. Heroku's command line never asks more often than every 3 s.</summary>
    public TimeSpan TransferInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Between two looks at an add-on, a database or a release that is being made.</summary>
    public TimeSpan ProvisionInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Looks in a row that may fail (each after its own repeats) before a wait is given up: five to ten
    /// minutes of a Heroku that answers with errors, during which a restore goes on unharmed.</summary>
    public int FailedLooksMax { get; init; } = 20;

    /// <summary>A release phase runs the application's own code; Heroku's command line waits as long.</summary>
    public TimeSpan ReleasePhaseMax { get; init; } = TimeSpan.FromMinutes(15);
}
