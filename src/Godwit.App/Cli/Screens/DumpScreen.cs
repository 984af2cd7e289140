using System.Text.Json;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>Shows a dump's progress and result.</summary>
/// <param name="writer">Standard output, unless the archive is written there.</param>
internal sealed class DumpScreen(CliEnvironment world, TextWriter writer)
{
    public async Task<int> RunAsync(SingleDump dump, bool json, CancellationToken ct)
    {
        var outcome = await new StepScreen(world, writer, "Stopping, and removing what was written of the dump …")
            .ShowAsync(SingleDump.Step, dump.Intent, json, dump.RunAsync, ct);
        if (json)
            await writer.WriteLineAsync(JsonSerializer.Serialize(Ended(outcome), JournalJson.Options));
        if (outcome.Written is { } written && !json)
            await writer.WriteLineAsync(Summary(written));
        if (outcome.Fault is { } fault)
            FaultScreen.Show(fault, world.Console.Error);
        if (outcome.Left is { } left)
            FaultScreen.Show(left, world.Console.Error);
        return ExitCodes.Of(outcome);
    }

    /// <summary><c>455.2 MB in 9.6 s, 47.4 MB/s: 46 tables, 377,692 rows, 1.6 GB before compression; etag "9b2c…"; by
    /// godwit …</c>.</summary>
    internal static string Summary(DumpResult result)
    {
        var said = new List<string>();
        if (result.Tables is { } tables)
            said.Add(Words.Count(tables, "table"));
        if (result.Rows is { } rows)
            said.Add(Words.Count(rows, "row"));
        if (result.DataBytes is { } bytes)
            said.Add($"{Phrase.Bytes(bytes)} before compression");
        var rate = result.Took.TotalSeconds > 0
            ? $", {Phrase.Bytes((long)(result.SizeBytes / result.Took.TotalSeconds))}/s" : "";
        return $"Wrote {result.To}: {Phrase.Bytes(result.SizeBytes)} in "
            + $"{TerminalWords.Duration(result.Took)}{rate}{(said.Count > 0 ? "; " : "")}{string.Join(", ", said)}\n"
            + $"  by {result.Engine}{(result.ETag is { } tag ? $"; etag {tag.Trim('"')}" : "")}";
    }

    private static object Ended(DumpOutcome outcome) => new
    {
        Event = "dump_ended",
        Outcome = outcome.Written is not null ? "written" : outcome.Left is null ? "failed_and_undone"
            : "needs_a_person",
        outcome.Written?.To,
        outcome.Written?.SizeBytes,
        Etag = outcome.Written?.ETag?.Trim('"'),
        outcome.Written?.Engine,
        outcome.Written?.Tables,
        outcome.Written?.Rows,
        outcome.Written?.DataBytes,
        Seconds = outcome.Written?.Took.TotalSeconds,
        outcome.Fault,
        outcome.Left,
    };
}
