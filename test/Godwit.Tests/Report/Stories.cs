using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Requests;
using Godwit.Targets;

namespace Godwit.Tests.Report;

/// <summary>Runs as their journals tell them, with names that nobody would choose.</summary>
internal static class Stories
{
    public const string OddTable = "\"Odd Names\".\"<b>Tea</b> & \"\"Biscuits\"\" 'n' <script>alert(1)</script>\"";

    private const string LongTable = "\"Odd Names\".a_name_of_exactly_sixty_three_bytes_as_long_as_postgres_permits";

    private static readonly Fault RestoreFailed = new("load.restore_failed", FaultKind.Broken,
        "Heroku's restore did not end well",
        "pg_restore reported 2 errors:\n  could not execute query: ERROR:  type \"public.geometry\" does not exist\n"
        + "  errors ignored on restore: 2",
        "Install the extension postgis on the target, or leave the table shop.places out, and resume.\n"
            + "The whole log: heroku pg:backups:info r004 --app limosa-coffee");

    private static readonly Fault NotThawed = new("cutover.not_thawed", FaultKind.Transient,
        "Cannot switch Heroku's maintenance mode off", "Heroku answered 503 three times",
        "Run: heroku maintenance:off --app limosa-coffee");

    private static readonly Fault NotDropped = new("run.not_dropped", FaultKind.Broken,
        "Could not destroy what the run 20261121-061400-k7qx created at limosa-coffee", "Heroku answered 422",
        "Everything else is rolled back; what is left costs money until it is destroyed. Then: "
        + "godwit rollback 20261121-061400-k7qx --drop-target --confirm limosa-coffee.");

    private static readonly Fault Different = new("verify.different", FaultKind.Broken,
        "The target is not equal to the source", "2 of 13 comparisons differ",
        "Nothing was switched over. Go on with: godwit resume");

    private static readonly Fault Blocked = new("assess.blocked", FaultKind.Refused,
        "The source cannot be migrated as it is", "1 blocker was found", "Do what each blocker says.");

    private static readonly (string Table, long Rows)[] Compared =
    [
        ("shop.order_lines", 115_000), ("shop.orders_2024", 15_372), ("shop.customers", 12_000),
        ("shop.payments_card", 29_339),
        ("public.settings", 6), ("roastery.temperature_readings", 24_000), ("\"Odd Names\".\"EMPTY\"", 0),
        (OddTable, 25), ("\"Odd Names\".\"line\nbreak\"", 12), ("\"Odd Names\".\"Kaffee ☕ кофе قهوة 咖啡\"", 3),
        (LongTable, 1), ("\"Odd Names\".\"turned\u202eround\u001b[31m\"", 1_234_567), ("(large objects)", 4),
    ];

    public static RunStory Proven() => Tell(
        [.. Until("cutover"), .. CutOver(), .. Done(109, "cleanup", 1, "Delete the dump",
            "Nothing of this run is left in the store", "s3://limosa-moves/2026 lists no object of this run"),
            new RunEnded(At(110), RunOutcome.Proven)]);

    public static RunStory FailedAndUndone() => Tell(
        [.. Until("restore"), Started(63, "restore", "Restore into limosa-coffee"),
            new StepFailed("restore", At(91), RestoreFailed).Line(),
            new StepUndone("freeze", At(93),
                "limosa-coffee: maintenance off, worker 4; the source takes writes again").Line(),
            new RunEnded(At(94), RunOutcome.FailedAndUndone)]);

    public static RunStory NeedsAPerson() => Tell(
        [.. Until("verify"), Started(95, "verify", "Compare every table"), .. Counted(differ: true),
            new StepFailed("verify", At(99), Different).Line(),
            new StepUndone("dump", At(100), "the dump was deleted").Line(),
            new UndoFailed("freeze", At(105), NotThawed).Line(),
            new RunEnded(At(106), RunOutcome.NeedsAPerson)]);

    public static RunStory FailedAfterTheCutOver() => Tell(
        [.. Until("cutover"), .. CutOver()[..2], Started(106, "thaw", "Workers back, maintenance off"),
            new StepFailed("thaw", At(108), NotThawed).Line(), new RunEnded(At(108), RunOutcome.NeedsAPerson)]);

    /// <summary>The first attempt came as far as comparing; the second fails at the dump.</summary>
    public static RunStory FailedEarlierThanBefore() => Tell(
        [.. Until("verify"), Started(95, "verify", "Compare every table"), .. Counted(differ: true),
            new StepFailed("verify", At(99), Different).Line(),
            new StepUndone("freeze", At(99.5), "the source is writable as before").Line(),
            new RunEnded(At(100), RunOutcome.FailedAndUndone),
            new RunResumed(At(200), Settings),
            .. Done(201, "assess", 1, "Look at the source", "PostgreSQL 15.14", "read from its catalog"),
            Started(203, "dump", "Dump"),
            new StepFailed("dump", At(205), RestoreFailed).Line(), new RunEnded(At(206), RunOutcome.FailedAndUndone)]);

    public static RunStory Refused() => Tell(
        [Started(1, "assess", "Look at the source"),
            new Observed("assess", At(2), "assess.extension_refused", Severity.Blocker,
                "The extension timescaledb is not available on Heroku",
                "2 tables use it", "Turn the hypertables into ordinary tables: SELECT …").Line(),
            new StepFailed("assess", At(3), Blocked).Line(), new RunEnded(At(3), RunOutcome.Refused)]);

    public static RunStory Open() => Tell([.. Until("dump"), Started(14, "dump", "Dump into s3://limosa-moves/2026")]);

    public static RunStory RolledBack() => Tell(
        [.. Until("restore"), new RollbackStarted(At(300)),
            new StepUndone("freeze", At(301), "maintenance off, worker 4").Line(),
            new RunEnded(At(302), RunOutcome.RolledBack)]);

    /// <summary>The writes are stopped once more, and a look finds that nothing would be lost.</summary>
    public static RunStory RolledBackBehindTheCutOver() => Tell([.. BehindTheCutOver(), .. GoneBack()]);

    /// <summary>It was killed while the writes were stopped.</summary>
    public static RunStory KilledGoingBack() => Tell([.. BehindTheCutOver(), .. GoneBack()[..4]]);

    /// <summary>First the rollback was refused, and let the application go on.</summary>
    public static RunStory RefusedAndRolledBack() => Tell(
        [.. BehindTheCutOver(), new RollbackStarted(At(500)), Started(501, "pause", "Stop the writes"),
            new StepDone("pause", At(503), new("out of service", "in maintenance"), WasAlreadyDone: false).Line(),
            Started(503, "compare", "Compare both sides"), new StepFailed("compare", At(510), Different).Line(),
            new RunEnded(At(512), RunOutcome.Proven), .. GoneBack()]);

    private static IEnumerable<JournalLine> BehindTheCutOver() =>
    [
        .. Until("cutover"), .. CutOver(), new Remembered(At(108), RunStory.CutOverKey.Name, "yes"),
        new RunEnded(At(110), RunOutcome.Proven),
    ];

    private static List<JournalLine> GoneBack() =>
    [
        new RollbackStarted(At(600)),
        .. Done(601, "pause", 2, "Stop the writes", "limosa-coffee is out of service", "in maintenance"),
        Started(603, "compare", "Compare both sides"),
        new StepDone("compare", At(640), new("Nothing would be lost", "12 tables"), WasAlreadyDone: false).Line(),
        new StepUndone("cutover", At(642), "DATABASE_URL of limosa-coffee is what it was").Line(),
        new Remembered(At(642), RunStory.CutOverKey.Name, null),
        new StepUndone("freeze", At(650), "maintenance off, worker 4").Line(),
        new RunEnded(At(651), RunOutcome.RolledBack),
    ];

    /// <summary>Everything was put back but for the database, which Heroku did not destroy.</summary>
    public static RunStory DropFailed() => Tell(
        [.. Until("restore"), new RollbackStarted(At(300), DropsTarget: true),
            new StepUndone("freeze", At(301), "maintenance off, worker 4").Line(),
            new UndoFailed("target", At(302), NotDropped).Line(), new RunEnded(At(303), RunOutcome.NeedsAPerson)]);

    public static RunStory Tell(params JournalLine[] lines) =>
        RunTeller.Tell([new RunStarted(At(0), "20261121-061400-k7qx", "0.1.0", Settings), .. lines], "journal.jsonl");

    private static RunSettings Settings { get; } =
        new()
        {
            From = "env:SOURCE_URL", To = "heroku:limosa-coffee", Store = new() { Via = "s3://limosa-moves/2026" },
        };

    /// <summary>The steps before <paramref name="step"/>, done, and what was remembered meanwhile.</summary>
    private static IEnumerable<JournalLine> Until(string step) =>
        Whole().TakeWhile(line => line is not Happened { Event: var e } || e.Step != step);

    private static IEnumerable<JournalLine> Whole() =>
    [
        new Remembered(At(0), RunStory.SourceKey.Name, "limosa@db-1.eu-central-1.rds.amazonaws.com:5432/limosa"),
        new Remembered(At(0), RunStory.TargetKey.Name, "heroku:limosa-coffee"),
        .. Done(0, "assess", 2, "Look at the source and what Heroku would refuse",
            "PostgreSQL 15.14, 72.1 MB, 6 extensions, all available", "read from the catalogs of both sides"),
        .. Found(),
        .. Done(2, "backup", 0, "Make sure that a recent backup exists", "A recent backup of the source exists",
            "you said so (--i-have-a-backup)"),
        .. Done(2, "target", 8, "Find or create an add-on of limosa-coffee",
            "postgresql-curved-12345 (essential-1) is available and empty", "Heroku says available; 0 tables of ours"),
        new Remembered(At(10), RunStory.AddOnKey.Name, "postgresql-curved-12345"),
        new Remembered(At(10), ChosenAddOn.PlanKey.Name, "essential-1"),
        .. Done(10, "freeze", 3, "Stop writes: maintenance on, workers to 0, source read-only",
            "Nobody writes to the source",
            "a new session there is read-only, 7 sessions were ended; stopped: worker 4"),
        new Remembered(At(13), RunStory.FrozenAtKey.Name, At(11).ToString("O")),
        .. Done(14, "dump", 48, "Dump into s3://limosa-moves/2026",
            "godwit-20261121-061400-k7qx.dump is whole in s3://limosa-moves/2026",
            "7,878,774 bytes, version 5d41402abc4b2a76b9719d911017c592-2"),
        new Remembered(At(62), RunStory.DumpBytesKey.Name, "7878774"),
        .. Done(62, "link", 1, "Sign a link for Heroku", "The link lives until 2026-11-21 06:45",
            "a GET of its first byte answered 206"),
        .. Done(63, "restore", 31, "Restore into limosa-coffee", "Heroku's restore r004 succeeded",
            "finished, 0 warnings in its log"),
        Started(95, "verify", "Compare every table"),
        .. Counted(differ: false),
        new StepDone("verify", At(104), new Evidence("12 tables hold the same rows on both sides",
            "exact counts of every table"), WasAlreadyDone: false).Line(),
        Started(104, "cutover", "Promote postgresql-curved-12345 to DATABASE_URL"),
    ];

    private static List<JournalLine> CutOver() =>
    [
        .. Done(104, "cutover", 2, "Promote postgresql-curved-12345 to DATABASE_URL",
            "DATABASE_URL of limosa-coffee is postgresql-curved-12345", "read back from Heroku's attachments"),
        .. Done(106, "thaw", 3, "Workers back, maintenance off", "limosa-coffee serves again",
            "web 2, worker 4, maintenance off"),
        new Remembered(At(108), RunStory.ThawedAtKey.Name, At(108).ToString("O")),
    ];

    private static IEnumerable<JournalLine> Found() =>
    [
        new Observed("assess", At(1), "assess.comment_dropped", Severity.Note, "6 comments on extensions are left out",
            "only their owner may set them, and on Heroku that is not you", "").Line(),
        new Observed("assess", At(1), "assess.role_settings", Severity.Warning,
            "The role limosa has settings of its own",
            "statement_timeout=30s is set for the role, and a dump carries no roles",
            "After the cut-over run: heroku pg:psql --app limosa-coffee -c \"ALTER ROLE CURRENT_USER "
            + "SET statement_timeout = '30s'\"").Line(),
    ];

    private static IEnumerable<JournalLine> Counted(bool differ) => Compared.Select((item, index) => new ItemCompared(
        "verify", At(96), item.Table,
        item.Rows, TargetRows(item.Rows, differ ? index : -1), index + 1, Compared.Length).Line());

    private static long? TargetRows(long rows, int index) => index switch { 1 => rows - 3, 7 => null, _ => rows };

    private static Happened Started(int at, string step, string intent) => new StepStarted(step, At(at), intent).Line();

    private static IEnumerable<JournalLine> Done(
        int start, string step, int took, string intent, string claim, string proof) =>
        [Started(start, step, intent),
            new StepDone(step, At(start + took), new Evidence(claim, proof), WasAlreadyDone: took == 0).Line()];

    private static Happened Line(this StepEvent happened) => new(happened.At, happened);

    private static DateTimeOffset At(double seconds) =>
        new DateTimeOffset(2026, 11, 21, 6, 14, 0, TimeSpan.Zero).AddSeconds(seconds);
}
