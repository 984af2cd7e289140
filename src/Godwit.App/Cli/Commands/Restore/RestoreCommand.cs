using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Copy;
using Godwit.Copy.Archive;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Report;

namespace Godwit.App.Cli.Commands;

/// <summary>An archive into an empty database, without a run.</summary>
internal static class RestoreCommand
{
    public static Command Build(CliEnvironment world)
    {
        var flags = new RestoreFlags();
        var json = RunScreen.JsonOption();
        var command = new Command("restore",
            "Restores an archive of Godwit or pg_dump -Fc into an empty database, from where it lies: "
            + "several tables at once where it can be read in pieces, indexes and constraints "
            + "as soon as their rows are there. Needs no pg_restore and no superuser.");
        command.Add(flags.Archive);
        foreach (var option in flags.All.Append(json))
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var outliving = world.Console.OutliveTerminal();
            using var request = flags.Open(parsed, world);
            return await RunAsync(request, parsed.GetValue(json), world, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RestoreRequest request, bool json, CliEnvironment world, CancellationToken ct)
    {
        await using var place = await ArchivePlace.OpenAsync(request.Archive, request.Store, world, ct);
        var target = await request.Target.FindAsync(ct);
        var restore = new ArchiveRestore(place, target, request.Options, world.Clock);
        return await FillScreen.ShowAsync(ArchiveRestore.StepName, restore.Intent, restore.RunAsync,
            brought => request.Options.Resumes
                ? FillScreen.Rest("Restored", brought, target) : Summary(brought, target),
            Ended, json, world, ct);
    }

    private static string Summary(CopyResult result, PostgresAddress target) =>
        $"Restored {Words.Count(result.Tables, "table")}, {Words.Count(result.Rows, "row")} out of "
        + $"{Phrase.Bytes(result.SourceBytes)} of the archive into {target} in {TerminalWords.Duration(result.Took)}"
        + FillScreen.LargeObjects(result);

    private static object Ended(CopyOutcome outcome) => new
    {
        Event = "restore_ended",
        Outcome = outcome.Brought is not null ? "restored" : "needs_a_person",
        outcome.Brought?.Tables,
        outcome.Brought?.Rows,
        outcome.Brought?.LargeObjects,
        ArchiveBytes = outcome.Brought?.SourceBytes,
        Seconds = outcome.Brought?.Took.TotalSeconds,
        outcome.Fault,
    };
}
