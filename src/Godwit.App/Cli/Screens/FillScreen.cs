using System.Text.Json;
using Godwit.Copy;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>Shows a command that fills a database without a run.</summary>
internal static class FillScreen
{
    /// <summary>Returns the exit code.</summary>
    /// <param name="summary">For people.</param>
    /// <param name="ended">The last JSON line.</param>
    public static async Task<int> ShowAsync(
        string step, string intent, Func<IProgress<StepEvent>, CancellationToken, Task<CopyOutcome>> run,
        Func<CopyResult, string> summary, Func<CopyOutcome, object> ended,
        bool json, CliEnvironment world, CancellationToken ct)
    {
        var output = world.Console.Out;
        var outcome = await new StepScreen(world, output, "Stopping …").ShowAsync(step, intent, json, run, ct);
        if (json)
            await output.WriteLineAsync(JsonSerializer.Serialize(ended(outcome), JournalJson.Options));
        else if (outcome.Brought is { } brought)
            await output.WriteLineAsync(summary(brought));
        if (outcome.Brought?.Omissions is { } omissions)
            await KeepAsync(step, intent, omissions, world, ct);
        if (outcome.Fault is { } fault)
            FaultScreen.Show(fault, world.Console.Error);
        return outcome.Brought is null ? ExitCodes.NeedsAPerson : ExitCodes.Proven;
    }

    // The copy is valid even if the list of its omissions cannot be saved.
    private static async Task KeepAsync(
        string step, string intent, CopyOmissions omissions, CliEnvironment world, CancellationToken ct)
    {
        try
        {
            await world.Copies.WriteAsync(
                new(step, intent, world.Clock.GetUtcNow(), omissions.Source, omissions.Target, omissions.Items), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FaultException)
        {
            await world.Console.Error.WriteLineAsync(
                $"Note: what the {step} left out could not be noted for godwit verify, "
                + $"which will call it a difference: {e.Message}");
        }
    }

    /// <summary>For a resumed copy. A rate would be wrong: rows copied before are not counted.</summary>
    /// <param name="did">A verb.</param>
    public static string Rest(string did, CopyResult brought, PostgresAddress target) =>
        $"{did} the rest: {Words.Count(brought.Rows, "row")} in {TerminalWords.Duration(brought.Took)}. "
        + $"All {Words.Count(brought.Tables, "table")} are in {target} now";

    /// <summary>Ends a summary; empty without large objects.</summary>
    public static string LargeObjects(CopyResult brought) =>
        brought.LargeObjects > 0 ? $"; {Words.Count(brought.LargeObjects, "large object")}" : "";
}
