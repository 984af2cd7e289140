using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Copy;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Report;

namespace Godwit.App.Cli.Commands;

/// <summary>From server to server, without a run.</summary>
internal static class CopyCommand
{
    public static Command Build(CliEnvironment world)
    {
        var flags = new CopyFlags();
        var json = RunScreen.JsonOption();
        var command = new Command("copy",
            "Copies a database straight into an empty one, without an archive in between: "
            + "several tables and parts of large ones at once, all of one snapshot, then indexes and "
            + "constraints as soon as their rows are there. The source is only read; "
            + "both roles may be ordinary owners.");
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

    private static async Task<int> RunAsync(CopyRequest request, bool json, CliEnvironment world, CancellationToken ct)
    {
        var target = await request.Target.FindAsync(ct);
        PgDumpCall call;
        await using (var session = await PostgresSession.OpenAsync(request.Source, ct))
            call = await PgDumpCall.FindAsync(request.Source, session.ServerMajor, world.Tools, world.Processes, ct);
        var copy = new DirectCopy(call, target, request.Options, world.Clock);
        return await FillScreen.ShowAsync(DirectCopy.StepName, copy.Intent, copy.RunAsync,
            brought => Summary(brought, request.Options, target), Ended, json, world, ct);
    }

    private static string Summary(CopyResult result, CopyOptions options, PostgresAddress target)
    {
        if (!options.HasRows)
            return $"Made the definitions in {target} in {TerminalWords.Duration(result.Took)}, and brought no rows";
        if (options.Fill.Resumes)
            return FillScreen.Rest("Copied", result, target);
        var rate = result.Took.TotalSeconds > 0
            ? $", {Phrase.Bytes((long)(result.SourceBytes / result.Took.TotalSeconds))}/s" : "";
        return $"Copied {Words.Count(result.Tables, "table")}, {Words.Count(result.Rows, "row")}, "
            + $"{Phrase.Bytes(result.SourceBytes)} into {target} in {TerminalWords.Duration(result.Took)}{rate}"
            + FillScreen.LargeObjects(result);
    }

    private static object Ended(CopyOutcome outcome) => new
    {
        Event = "copy_ended",
        Outcome = outcome.Brought is not null ? "copied" : "needs_a_person",
        outcome.Brought?.Tables,
        outcome.Brought?.Rows,
        outcome.Brought?.LargeObjects,
        outcome.Brought?.SourceBytes,
        Seconds = outcome.Brought?.Took.TotalSeconds,
        outcome.Fault,
    };
}
