namespace Godwit.Heroku;

/// <summary>Limits and pauses of all calls, with all defaults.</summary>
public sealed record HerokuOptions
{
    /// <summary>Connecting takes longer only if the network loses packets.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>One attempt, from connecting to the last byte of the answer. Heroku's command line waits as
    /// long.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts per call, including the first. With the pauses below they cover about half a minute of
    /// trouble.</summary>
    public int AttemptsMax { get; init; } = 6;

    /// <summary>Upper end of the first pause; it doubles with every attempt.</summary>
    public TimeSpan PauseBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a 429 that names no time is taken to ask for: Heroku refills about 75 calls per minute and
    /// account.</summary>
    public TimeSpan RateLimitPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause, after any number of attempts.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at a transfer. Heroku's command line never asks more often than every 3 s.</summary>
    public TimeSpan TransferInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Between two reads of an add-on, a database or a release that is being made.</summary>
    public TimeSpan ProvisionInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failed reads in a row (each after its own retries) that end a wait: five to ten minutes of errors from
    /// Heroku. A restore continues meanwhile.</summary>
    public int FailedLooksMax { get; init; } = 20;

    /// <summary>A release phase runs the application's own code; Heroku's command line waits as long.</summary>
    public TimeSpan ReleasePhaseMax { get; init; } = TimeSpan.FromMinutes(15);
}
