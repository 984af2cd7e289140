using System.Text.Json;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;

namespace Godwit.Tests.Cli;

/// <summary>What a run looks like in a log, and to a program.</summary>
public sealed class FacesTests
{
    private static readonly Fault Failed = new("load.restore_failed", FaultKind.Broken, "Heroku's restore r004 failed",
        "pg_restore: error: could not execute query: ERROR:  type \"geometry\" does not exist\n"
        + "pg_restore: warning: errors ignored: 1", "Install it. Then: godwit resume");

    private static readonly DateTimeOffset At = new(2026, 11, 21, 6, 14, 0, TimeSpan.Zero);

    /// <summary>Every kind of event, in the order of a run that goes badly.</summary>
    private static readonly StepEvent[] All =
    [
        new StepStarted("assess", At, "Look at limosa@db.example.com:5432/shop"),
        new Observed("assess", At, "assess.large", Severity.Warning, "The source has 31 GB", "Heroku advises 20 GB",
            "Rehearse it first."),
        new Observed("assess", At, "assess.note", Severity.Note, "Comments are not repeated",
            "only the administrator may", ""),
        new StepDone("assess", At, new Evidence("PostgreSQL 15.14, 46 tables", "read from its catalogs"),
            WasAlreadyDone: false),
        new StateChanged("target", At, "postgresql-round-12345", "provisioned"),
        new BytesMoved("dump", At, 34_100_000, null),
        new BytesMoved("dump", At, 68_200_000, 96_000_000),
        new StepDone("dump", At, new Evidence("godwit-r1.dump is whole", "96,000,000 bytes"), WasAlreadyDone: true),
        new ItemCompared("verify", At, "public.orders", 12_345, 12_345, 1, 3),
        new ItemCompared("verify", At, "public.customers", 12_345, 12_344, 2, 3),
        new ItemCompared("verify", At, "\"Odd\nNames\".\"\u001b[31mred\"", 5, null, 3, 3),
        new StepFailed("restore", At, Failed),
        new StepUndone("freeze", At, "the source takes writes again"),
        new UndoFailed("freeze", At, new Fault("heroku.unreachable", FaultKind.Transient,
            "Cannot switch maintenance off", "no answer", "Try again.")),
    ];

    [Fact]
    public void Every_kind_of_event_is_shown_here() => Assert.Equal(
        typeof(StepEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StepEvent)))
            .Select(type => type.Name).Order(),
        All.Select(one => one.GetType().Name).Distinct().Order());

    [Fact]
    public void The_log_is_a_line_per_fact()
    {
        // The log is in local time; the golden file must not depend on where it is written.
        var local = DateTime.SpecifyKind(At.DateTime, DateTimeKind.Local);
        var text = Show((writer, clock) => new PlainFace(writer, clock),
            All.Select(one => one with { At = new DateTimeOffset(local) }));
        Golden.Check("face-plain.txt", text);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void A_program_gets_a_line_of_json_per_event()
    {
        var text = Show((writer, clock) => new JsonFace(writer, clock), All);
        Golden.Check("face-json.txt", text);
        var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<StepEvent>(line, JournalJson.Options));
        Assert.Equal(All, events);
    }

    [Fact]
    public void Bytes_on_their_way_do_not_flood_the_log()
    {
        var clock = new HandClock();
        using var text = new StringWriter();
        var face = new PlainFace(text, clock);
        for (var tick = 0; tick < 100; tick++, clock.Pass(0.1))
            face.Report(new BytesMoved("dump", At, tick * 1000, null));
        Assert.Equal(2, text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void A_program_learns_how_far_it_was_before_it_learns_what_came_next()
    {
        var clock = new HandClock();
        using var text = new StringWriter();
        var face = new JsonFace(text, clock);
        for (var tick = 0; tick < 10; tick++, clock.Pass(0.01))
            face.Report(new BytesMoved("dump", At, tick * 1000, null));
        face.Report(All[3]);
        face.Report(All[4]);

        var events = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<StepEvent>(line, JournalJson.Options));
        Assert.Equal([new BytesMoved("dump", At, 0, null), new BytesMoved("dump", At, 9000, null), All[3], All[4]],
            events);
    }

    private static string Show(Func<TextWriter, TimeProvider, IProgress<StepEvent>> open, IEnumerable<StepEvent> events)
    {
        var clock = new HandClock();
        using var text = new StringWriter();
        var face = open(text, clock);
        foreach (var one in events)
        {
            face.Report(one);
            clock.Pass(6);
        }

        return text.ToString();
    }
}
