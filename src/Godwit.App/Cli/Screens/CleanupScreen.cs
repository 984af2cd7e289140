using System.Text.Json;
using Godwit.App.Cli.Commands;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Migration.CleanUp;
using Godwit.Report;
using Spectre.Console;

namespace Godwit.App.Cli.Screens;

/// <summary>Shows leftovers, asks whether to remove them, and shows the result.</summary>
internal sealed class CleanupScreen(CliEnvironment world, bool json)
{
    // For a log or a pipe, which is not wrapped.
    private const int EndlessWidth = 10_000;

    private TextWriter Out => world.Console.Out;

    public async Task<int> RunAsync(CleanupPlaces places, bool isAgreed, CancellationToken ct)
    {
        var run = new CleanUpRun(places.All);
        var found = await run.FindAsync(ct);
        var meant = found.Where(one => one.Kept is null).ToList();
        if (!json)
            Show(found, places);
        if (meant.Count > 0 && !isAgreed && !Ask(meant))
        {
            if (json)
                await WriteAsync("shown", found, [], places);
            else
                await Out.WriteLineAsync("Nothing was removed. To have it removed, add --yes.");
            return ExitCodes.Refused;
        }

        var removals = meant.Count > 0 ? await run.RemoveAsync(found, ct) : [];
        var left = removals.Where(one => one.Problem is not null).ToList();
        if (json)
            await WriteAsync(meant.Count == 0 ? "nothing_to_remove" : left.Count == 0 ? "removed" : "needs_a_person",
                found, removals, places);
        else if (meant.Count > 0)
            Tell(removals, left);
        return left.Count == 0 ? ExitCodes.Proven : ExitCodes.NeedsAPerson;
    }

    /// <summary>In the largest unit that is not 0.</summary>
    internal static string Age(DateTimeOffset? at, DateTimeOffset now) => at is not { } made ? "?" : (now - made) switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } and var age => $"{(int)age.TotalSeconds} s",
        { TotalHours: < 1 } and var age => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 2 } and var age => $"{(int)age.TotalHours} h",
        var age => $"{(int)age.TotalDays} days",
    };

    private static string Word(LeftoverKind kind) => kind switch
    {
        LeftoverKind.Change => "changed",
        LeftoverKind.Dump => "dump",
        LeftoverKind.Upload => "unfinished upload",
        LeftoverKind.OldVersion => "old version",
        _ => "object of a check",
    };

    private bool Ask(IReadOnlyCollection<Leftover> meant) =>
        !json && world.Console.Ask(meant.Any(one => one.Kind == LeftoverKind.Change)
            ? "Put back what was changed, and remove the rest for good?"
            : $"Remove {(meant.Count == 1 ? "this" : $"these {Words.Number(meant.Count)}")} for good?");

    private void Show(IReadOnlyList<Leftover> found, CleanupPlaces places)
    {
        foreach (var place in places.All)
        {
            var here = found.Where(one => one.Place == place).ToList();
            var meant = here.Where(one => one.Kept is null).ToList();
            foreach (var group in here.Where(one => one.Kept is not null)
                .GroupBy(one => one.Kept!, StringComparer.Ordinal))
            {
                Out.WriteLine($"{Words.Name(place.Where)}, not touched, because {Words.Name(group.Key)}:");
                Write(Table([.. group]));
            }

            Out.WriteLine(
                meant.Count == 0 ? $"{Words.Name(place.Where)}: nothing to remove." : $"{Words.Name(place.Where)}, to "
                    + $"be {(meant[0].Kind == LeftoverKind.Change ? "put back" : "removed")}:");
            if (meant.Count > 0)
                Write(Table(meant));
        }

        if (places.All.Count == 0 && places.Skipped.Count == 0)
            Out.WriteLine("Nothing to remove: no store was used, and nothing is left in the target.");
        foreach (var fault in places.Skipped)
        {
            Out.WriteLine($"{fault.What}: {fault.Why}.");
            Out.WriteLine($"  {fault.Remedy}");
        }
    }

    private Table Table(IReadOnlyList<Leftover> shown)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("what").NoWrap()).AddColumn("name")
            .AddColumn(new TableColumn("age").RightAligned().NoWrap())
            .AddColumn(new TableColumn("size").RightAligned().NoWrap());
        var now = world.Clock.GetUtcNow();
        foreach (var one in shown)
        {
            table.AddRow(new Text(Word(one.Kind)), new Text(Words.Name(one.Name)), new Text(Age(one.At, now)),
                new Text(one.SizeBytes is { } bytes ? Phrase.Bytes(bytes)
                    : one.Kind == LeftoverKind.Change ? "" : "?"));
        }

        return table;
    }

    private void Write(Table table)
    {
        var isTerminal = world.Console.IsTerminal;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Out),
        });
        if (!isTerminal)
            console.Profile.Width = EndlessWidth;
        console.Write(table);
    }

    private void Tell(IReadOnlyList<Removal> removals, IReadOnlyList<Removal> left)
    {
        var gone = removals.Count - left.Count;
        Out.WriteLine($"Removed {Words.Number(gone)} of {Words.Number(removals.Count)}, then looked again: "
            + (left.Count == 0 ? "nothing of it is there any more." : $"{Words.Number(left.Count)} still there."));
        foreach (var remark in removals.Select(one => one.Remark).OfType<string>())
            Out.WriteLine($"note: {remark}");
        foreach (var group in left.GroupBy(one => one.Problem!, StringComparer.Ordinal))
        {
            var (names, first) = (string.Join(", ",
                group.Select(one => one.Leftover.Name).Distinct(StringComparer.Ordinal)), group.First().Leftover);
            FaultScreen.Show(
                first.Kind == LeftoverKind.Change ? CliFaults.NotPutBack(names, first.Where,
                    group.Key) : CliFaults.NotRemoved(names, first.Where, group.Key), world.Console.Error);
        }
    }

    private Task WriteAsync(
        string outcome, IReadOnlyList<Leftover> found, IReadOnlyList<Removal> removals, CleanupPlaces places) =>
        Out.WriteLineAsync(JsonSerializer.Serialize(
            new
            {
                Event = "cleanup_ended",
                Outcome = outcome,
                Stores = places.All.Select(one => one.Where),
                Leftovers = found.Select(one =>
                    Entry(one, removals.FirstOrDefault(removal => ReferenceEquals(removal.Leftover, one))))
                    .Concat(removals.Where(one => !found.Contains(one.Leftover))
                        .Select(one => Entry(one.Leftover, one))),
                NotTouched = places.Skipped,
            },
            JournalJson.Options));

    private static object Entry(Leftover one, Removal? removal) => new
    {
        one.Kind,
        Store = one.Where,
        one.Name,
        one.RunId,
        one.At,
        one.SizeBytes,
        one.Kept,
        Removed = removal is { Problem: null },
        removal?.Problem,
        removal?.Remark,
    };
}
