using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Tests.Report;

/// <summary>Runs as their journals tell them, with names that nobody would choose.</summary>
internal static class Stories
{
    public const string OddTable = "Odd Names.<b>Tea</b> & \"Biscuits\" 'n' <script>alert(1)</script>";

    public static readonly Fault RestoreFailed = new("load.restore_failed", FaultKind.Broken,
        "Heroku's restore did not end well",
        "pg_restore reported 2 errors:\n  could not execute query: ERROR:  type \"public.geometry\" does not exist\n  errors ignored on restore: 2",
        "Install the extension postgis on the target, or leave the table shop.places out, and resume.\nThe whole log: heroku pg:backups:info r004 --app limosa-coffee");

    private static readonly Fault NotThawed = new("cutover.not_thawed", FaultKind.Transient,
        "Cannot switch Heroku's maintenance mode off", "Heroku answered 503 three times", "Run: heroku maintenance:off --app limosa-coffee");

    private static readonly (string Table, long Rows)[] Tables =
    [
        ("shop.order_lines", 115_000), ("shop.orders_2024", 15_372), ("shop.customers", 12_000), ("shop.payments_card", 29_339), ("public.settings", 6),
        ("roastery.temperature_readings", 24_000), ("Odd Names.EMPTY", 0), (OddTable, 25), ("Odd Names.line\nbreak", 12),
        ("Odd Names.Kaffee ☕ кофе قهوة 咖啡", 3), ("Odd Names.a_name_of_exactly_sixty_three_bytes_as_long_as_postgres_permits", 1),
        ("Odd Names.turned\u202eround\u001b[31m", 1_234_567),
    ];

    public static RunStory Proven() => Tell(
        [.. Until("verify"), .. Counted(), .. Done(95, "verify", 9, "Compare every table", "12 tables hold the same rows on both sides", "counted exactly, 4 connections to each side"),
            .. Done(104, "cutover", 2, "Promote postgresql-curved-12345 to DATABASE_URL", "limosa-coffee uses the new database", "config var DATABASE_URL of release v42"),
            .. Done(106, "thaw", 3, "Workers back, maintenance off", "limosa-coffee serves again", "web 2, worker 4, maintenance off"),
            new Remembered(At(108), RunStory.ThawedAtKey, At(108).ToString("O")),
            .. Done(109, "cleanup", 1, "Delete the dump", "Nothing of this run is left in the store", "s3://limosa-moves/2026 lists no object of this run"),
            new RunEnded(At(110), RunOutcome.Proven)]);

    public static RunStory FailedAndUndone() => Tell(
        [.. Until("restore"), new StepStarted("restore", At(63), "Restore into limosa-coffee").Line(), new StepFailed("restore", At(91), RestoreFailed).Line(),
            new StepUndone("freeze", At(93), "limosa-coffee: maintenance off, worker 4; source takes writes again").Line(),
            new RunEnded(At(94), RunOutcome.FailedAndUndone)]);

    public static RunStory NeedsAPerson() => Tell(
        [.. Until("verify"), .. Counted(differ: true), new StepStarted("verify", At(95), "Compare every table").Line(),
            new StepFailed("verify", At(99), new("verify.different", FaultKind.Broken, "The target does not hold what the source holds", "2 of 12 tables differ",
                "Do not cut over. Look at the tables below, then resume to restore again.")).Line(),
            new UndoFailed("freeze", At(105), NotThawed).Line(), new RunEnded(At(106), RunOutcome.NeedsAPerson)]);

    public static RunStory Refused() => Tell(
        [new StepStarted("assess", At(1), "Look at the source").Line(),
            new Observed("assess", At(2), "assess.extension_refused", "blocker", "The extension timescaledb is not available on Heroku", "2 tables use it",
                "Turn the hypertables into ordinary tables: SELECT …").Line(),
            new StepFailed("assess", At(3), new("assess.blocked", FaultKind.Refused, "The source cannot be migrated as it is", "1 blocker was found", "Do what each blocker says.")).Line(),
            new RunEnded(At(3), RunOutcome.Refused)]);

    public static RunStory Open() => Tell([.. Until("dump"), new StepStarted("dump", At(14), "Dump into s3://limosa-moves/2026").Line()]);

    public static RunStory RolledBack() => Tell(
        [.. Until("restore"), new RollbackStarted(At(300)), new StepUndone("freeze", At(301), "maintenance off, worker 4").Line(), new RunEnded(At(302), RunOutcome.RolledBack)]);

    public static RunStory Tell(params JournalLine[] lines) => RunTeller.Tell(
        [new RunStarted(At(0), "20261121-061400-k7qx", "0.1.0", new RunSettings { From = "env:SOURCE_URL", To = "heroku:limosa-coffee", Via = "s3://limosa-moves/2026" }), .. lines], "journal.jsonl");

    /// <summary>The steps before <paramref name="step"/>, done.</summary>
    private static IEnumerable<JournalLine> Until(string step)
    {
        IEnumerable<JournalLine>[] all =
        [
            [new Remembered(At(0), RunStory.SourceKey, "limosa on db-1.eu-central-1.rds.amazonaws.com:5432"), new Remembered(At(0), RunStory.TargetKey, "limosa-coffee/postgresql-curved-12345")],
            [.. Done(0, "assess", 2, "Look at the source and what Heroku would refuse", "PostgreSQL 15.14, 72.1 MB, 6 extensions, all available", "read from the catalogs of both sides"), .. Found()],
            Done(2, "backup", 0, "Ask for a recent backup", "You said that you have one", "--i-have-a-backup"),
            Done(2, "target", 8, "Find or create an add-on of limosa-coffee", "postgresql-curved-12345 (essential-1) is available and empty", "Heroku says available; 0 tables of ours"),
            [new Remembered(At(10), RunStory.FrozenAtKey, At(11).ToString("O"))],
            Done(10, "freeze", 3, "Stop writes: maintenance on, workers to 0, source read-only", "Nobody writes to the source", "default_transaction_read_only is on, 7 sessions ended, 0 left"),
            [.. Done(14, "dump", 48, "Dump into s3://limosa-moves/2026", "One snapshot is in the store: 7.9 MB", "ETag 5d41402abc4b2a76b9719d911017c592-2, pg_dump ended with 0"), new Remembered(At(62), RunStory.DumpBytesKey, "7878774")],
            Done(62, "link", 1, "Sign a link for Heroku", "The link lives until 2026-11-21 06:45", "a GET of its first byte answered 206"),
            Done(63, "restore", 31, "Restore into limosa-coffee", "Heroku's restore r004 succeeded", "finished, 0 warnings in its log"),
            [],
        ];
        return all.TakeWhile(part => part.OfType<Happened>().FirstOrDefault()?.Event.Step != step).SelectMany(lines => lines);
    }

    private static IEnumerable<JournalLine> Found() =>
    [
        new Observed("assess", At(1), "assess.comment_dropped", "note", "6 comments on extensions are left out", "only their owner may set them, and on Heroku that is not you", "").Line(),
        new Observed("assess", At(1), "assess.role_settings", "warning", "The role limosa has settings of its own", "statement_timeout=30s is set for the role, and a dump carries no roles",
            "After the cut-over run: heroku pg:psql --app limosa-coffee -c \"ALTER ROLE CURRENT_USER SET statement_timeout = '30s'\"").Line(),
    ];

    private static IEnumerable<JournalLine> Counted(bool differ = false) => Tables.Select((table, index) => new ItemCompared("verify", At(96), table.Table, table.Rows,
        differ && index is 1 ? table.Rows - 3 : differ && index is 7 ? null : table.Rows, index + 1, Tables.Length).Line());

    private static IEnumerable<JournalLine> Done(int start, string step, int took, string intent, string claim, string proof) =>
        [new StepStarted(step, At(start), intent).Line(), new StepDone(step, At(start + took), new Evidence(claim, proof), WasAlreadyDone: took == 0).Line()];

    private static Happened Line(this StepEvent happened) => new(happened.At, happened);

    private static DateTimeOffset At(double seconds) => new DateTimeOffset(2026, 11, 21, 6, 14, 0, TimeSpan.Zero).AddSeconds(seconds);
}
