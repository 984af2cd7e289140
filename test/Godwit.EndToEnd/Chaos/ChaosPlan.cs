// Chaos: runs of the real binary that are struck at a random moment, and must end proven or as if they had never been.
//
// A run is drawn from a seed and its number (ChaosPlan), has servers for itself (ChaosLane), an application that writes
// all the while (Ledger), and a picture of everything from before (Snapshot). Strikes are carried out in Strikes,
// judged in ChaosJudge.
using System.Globalization;

namespace Godwit.EndToEnd.Chaos;

/// <summary>What happens to a run.</summary>
internal enum Strike
{
    /// <summary>kill -9.</summary>
    Kill,
    Term,

    /// <summary>Godwit's sessions at the source are ended, or the network between them breaks.</summary>
    SourceCut,
    SourceRestart,
    TargetRestart,
    StoreErrors,
    StoreCut,
    HerokuBusy,
    HerokuErrors,
    HerokuSlow,
    HerokuCut,
    RestoreFails,
    RestoreWarns,
    RestoreSlow,
    RestoreCut,
    ClockJump,

    /// <summary>No file of Godwit's can grow any more.</summary>
    DiskFull,
}

/// <summary>Where the database goes.</summary>
internal enum ChaosTarget
{
    /// <summary>The app has no database; one is ordered.</summary>
    Ordered,

    /// <summary>There is no app either.</summary>
    Created,

    /// <summary>The app has a DATABASE_URL that somebody typed, of the source; a database is ordered.</summary>
    Plain,

    /// <summary>The app's only database, which is empty.</summary>
    Only,

    /// <summary>The second one; DATABASE_URL is another.</summary>
    Second,
}

/// <summary>What the source was told before Godwit came.</summary>
internal enum ChaosPast
{
    Nothing,
    Settings,
    WritableSaid,
    ReadOnlySaid,
    Grants,
}

/// <summary>All that is random in a run. Every choice is drawn on its own, so a new one leaves the others as they
/// were.</summary>
internal sealed class ChaosPlan
{
    private static readonly string[] Steps =
    [
        "assess", "backup", "target", "trial", "freeze", "freeze", "dump", "dump", "link", "restore", "restore",
        "rights", "analyze", "settings", "verify", "verify", "cutover", "cutover", "thaw", "stats", "cleanup",
    ];

    private readonly int _seed;

    public ChaosPlan(int seed, int number)
    {
        (_seed, Number) = (seed, number);
        Strike = Draw("strike").Next(100) switch
        {
            < 22 => Strike.Kill,
            < 34 => Strike.Term,
            < 40 => Strike.SourceCut,
            < 46 => Strike.SourceRestart,
            < 52 => Strike.TargetRestart,
            < 58 => Strike.StoreErrors,
            < 64 => Strike.StoreCut,
            < 68 => Strike.HerokuBusy,
            < 72 => Strike.HerokuErrors,
            < 75 => Strike.HerokuSlow,
            < 79 => Strike.HerokuCut,
            < 82 => Strike.RestoreFails,
            < 85 => Strike.RestoreWarns,
            < 87 => Strike.RestoreSlow,
            < 90 => Strike.RestoreCut,
            < 95 => Strike.ClockJump,
            _ => Strike.DiskFull,
        };
        var moment = Draw("moment");
        Step = Strike is Strike.RestoreFails or Strike.RestoreWarns or Strike.RestoreSlow or Strike.RestoreCut
            ? "assess" : Steps[moment.Next(Steps.Length)];
        IsDirect = Strike is not (Strike.StoreErrors or Strike.StoreCut or Strike.RestoreFails or Strike.RestoreWarns
            or Strike.RestoreSlow or Strike.RestoreCut)
            && Draw("route").Next(3) == 0;
        if (IsDirect)
            Step = Step switch
            {
                "dump" or "link" or "restore" or "rights" or "analyze" => "copy",
                "stats" or "cleanup" => "thaw",
                var common => common,
            };
        AtEnd = moment.Next(2) == 1;
        // Most of what can go wrong is near the border of two steps, so short waits are likelier.
        Delay = TimeSpan.FromMilliseconds(Math.Pow(moment.NextDouble(), 2) * 600);
        IsSlow = Draw("contents").Next(7) == 0;
        HasBucket = Strike is Strike.StoreErrors or Strike.StoreCut || (!IsDirect && Draw("store").Next(10) < 3);
        Target = (ChaosTarget)Draw("target").Next(5);
        WasInMaintenance = Target != ChaosTarget.Created && Draw("maintenance").Next(8) == 0;
        Revokes = Draw("revoke").Next(3) == 0;
        OnlyWorkers = Draw("workers").Next(5) == 0;
        HasSecondApp = Draw("second app").Next(3) == 0;
        Sets = Target != ChaosTarget.Created && Draw("set-config").Next(3) == 0;
        IsLoose = HasSecondApp && Sets && Draw("loose").Next(2) == 0;
        Lasts = Strike is (Strike.SourceCut or Strike.SourceRestart or Strike.TargetRestart or Strike.StoreCut)
            && Draw("lasts").Next(3) == 0;
        HasEnvFile = Draw("env file").Next(4) == 0;
        Asks = Draw("accept command").Next(5) == 0;
        Drops = Draw("drop").Next(3) == 0;
        Past = (ChaosPast)Draw("past").Next(5);
        IsOwner = Draw("writer").Next(2) == 0;
        HasLongTransactions = Draw("transactions").Next(4) == 0;
        GoesBack = Draw("way").Next(2) == 0;
        var second = Draw("second").Next(10);
        Second = second == 0 ? Strike.Kill : second == 1 ? Strike.Term : null;
        SecondAfter = TimeSpan.FromMilliseconds(Draw("second moment").Next(200, 3000));
        Leaves = Draw("after").Next(3) > 0;
        Follows = Draw("follows").Next(2) == 0;
    }

    public int Number { get; }

    public Strike Strike { get; }

    /// <summary>Of the strike.</summary>
    public string Step { get; }

    /// <summary>Behind the step, not in it.</summary>
    public bool AtEnd { get; }

    public TimeSpan Delay { get; }

    /// <summary>Dump and restore take a second or two.</summary>
    public bool IsSlow { get; }

    /// <summary>From server to server, without a store.</summary>
    public bool IsDirect { get; }

    /// <summary>Through Swift; otherwise through a folder.</summary>
    public bool HasBucket { get; }

    public ChaosTarget Target { get; }

    public bool WasInMaintenance { get; }

    /// <summary>Nobody else may connect to the source while it is frozen.</summary>
    public bool Revokes { get; }

    public bool OnlyWorkers { get; }

    /// <summary>Another app writes to the source, too.</summary>
    public bool HasSecondApp { get; }

    /// <summary>Config vars that somebody typed get the new URL.</summary>
    public bool Sets { get; }

    /// <summary>The other app is not stopped: it writes wherever its config var leads it, at any moment.</summary>
    public bool IsLoose { get; }

    /// <summary>The trouble is not over yet when the way out is tried for the first time.</summary>
    public bool Lasts { get; }

    public bool HasEnvFile { get; }

    /// <summary>A command of the user's is asked before the cut-over.</summary>
    public bool Asks { get; }

    /// <summary>A rollback is to destroy what was made at Heroku.</summary>
    public bool Drops { get; }

    public ChaosPast Past { get; }

    /// <summary>The application is logged in as the database's owner, like Godwit.</summary>
    public bool IsOwner { get; }

    public bool HasLongTransactions { get; }

    /// <summary>The way out is rollback, not resume.</summary>
    public bool GoesBack { get; }

    /// <summary>What strikes the way out; null: nothing.</summary>
    public Strike? Second { get; }

    public TimeSpan SecondAfter { get; }

    /// <summary>A run that is proven is left so, also where the way out is back.</summary>
    public bool Leaves { get; }

    /// <summary>After the cut-over the application writes to the target; then there is no way back any more.</summary>
    public bool Follows { get; }

    /// <summary>Random numbers for one purpose: the same for the same seed and run.</summary>
    public Random Draw(string purpose)
    {
        // FNV-1a: the hash of a string that .NET offers is another one in each process.
        var hash = 2166136261;
        foreach (var one in string.Create(CultureInfo.InvariantCulture, $"{_seed}/{Number}/{purpose}"))
            hash = unchecked((hash ^ one) * 16777619);
        return new Random(unchecked((int)hash));
    }

    public override string ToString()
    {
        var way = (GoesBack ? Drops ? "rollback with target" : "rollback" : "resume")
            + (Second is { } second ? $" ({Words(second)} after {SecondAfter.TotalMilliseconds:0} ms)" : "");
        var writer = (IsOwner ? "owner" : "role") + (HasLongTransactions ? " with long transactions" : "");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Words(Strike)} at {Step} {(AtEnd ? "done" : "started")} + {Delay.TotalMilliseconds:0} ms, {way}; ")
            + string.Join(", ", [$"target {Words(Target)}", $"past {Words(Past)}", $"writer {writer}", .. Extras()]);
    }

    private IEnumerable<string> Extras() =>
        new[]
        {
            (IsSlow, "slow"), (IsDirect, "direct"), (HasBucket, "bucket"), (Revokes, "revoke"),
            (OnlyWorkers, "workers"), (HasSecondApp, IsLoose ? "two apps, one loose" : "two apps"), (Lasts, "lasting"),
            (Sets, "set-config"), (HasEnvFile, "env file"), (Asks, "accept command"),
        }
            .Where(one => one.Item1).Select(one => one.Item2);

    /// <summary><c>SourceCut</c> as <c>source cut</c>.</summary>
    public static string Words<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((one, at) => char.IsAsciiLetterUpper(one)
            && at > 0 ? $" {char.ToLowerInvariant(one)}" : $"{char.ToLowerInvariant(one)}"));
}
