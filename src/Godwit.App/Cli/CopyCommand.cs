using System.CommandLine;
using System.Text.Json;
using Godwit.Copy;
using Godwit.Extract;
using Godwit.Journal;
using Godwit.Postgres;
using Godwit.Report;

namespace Godwit.App.Cli;

/// <summary><c>godwit copy</c>: from server to server, and no run around it.</summary>
internal static class CopyCommand
{
    public static Command Build(Surroundings world)
    {
        var flags = new CopyFlags();
        var json = RunScreen.JsonOption();
        var command = new Command("copy",
            "Copies a database straight into an empty one, without an archive in between: several tables and parts of large ones at once, all of one snapshot, then indexes and "
            + "constraints as soon as their rows are there. The source is only read; both roles may be ordinary owners.");
        foreach (var option in flags.All.Append(json))
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var wish = flags.Open(parsed, world);
            return await RunAsync(wish, parsed.GetValue(json), world, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(CopyWish wish, bool json, Surroundings world, CancellationToken ct)
    {
        var target = await wish.Target.FindAsync(ct);
        PgDumpCall call;
        await using (var session = await PostgresSession.OpenAsync(wish.Source, ct))
            call = await PgDumpCall.FindAsync(wish.Source, session.ServerMajor, world.Tools, world.Processes, ct);
        var copy = new DirectCopy(call, target, wish.Options, world.Clock);
        var output = world.Console.Out;
        var outcome = await new StepScreen(world, output, "Stopping …").ShowAsync(DirectCopy.StepName, copy.Intent, json, copy.RunAsync, ct);
        if (json)
            await output.WriteLineAsync(JsonSerializer.Serialize(Ended(outcome), JournalJson.Options));
        else if (outcome.Result is { } result)
            await output.WriteLineAsync(Summary(result, target));
        if (outcome.Fault is { } fault)
            FaultScreen.Show(fault, world.Console.Error);
        return outcome.Result is null ? ExitCodes.NeedsAPerson : ExitCodes.Proven;
    }

    private static string Summary(CopyResult result, PostgresAddress target)
    {
        var rate = result.Took.TotalSeconds > 0 ? $", {Worded.Bytes((long)(result.SourceBytes / result.Took.TotalSeconds))}/s" : "";
        return $"Copied {Words.Count(result.Tables, "table")}, {Words.Count(result.Rows, "row")}, {Worded.Bytes(result.SourceBytes)} into {target} in {Worded.Duration(result.Took)}{rate}"
            + (result.LargeObjects > 0 ? $"; {Words.Count(result.LargeObjects, "large object")}" : "");
    }

    private static object Ended(CopyOutcome outcome) => new
    {
        Event = "copy_ended",
        Outcome = outcome.Result is not null ? "copied" : "needs_a_person",
        outcome.Result?.Tables,
        outcome.Result?.Rows,
        outcome.Result?.LargeObjects,
        outcome.Result?.SourceBytes,
        Seconds = outcome.Result?.Took.TotalSeconds,
        outcome.Fault,
    };
}
