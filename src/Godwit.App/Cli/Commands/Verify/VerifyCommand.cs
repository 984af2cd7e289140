using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Migration;
using Godwit.Pipeline;
using Godwit.Proof;
using Godwit.Report;
using Godwit.Verify;

namespace Godwit.App.Cli.Commands;

/// <summary>Proves that two databases hold the same, or shows where they differ.</summary>
internal static class VerifyCommand
{
    private const string Intent = "Compare both sides: rows, schema, sequences, large objects";

    public static Command Build(CliEnvironment world)
    {
        var flags = new VerifyFlags();
        var json = new Option<bool>("--json")
        {
            Description = "Print the verdict as one JSON object, for programs. "
                + "With --repair a second one, of what is then.",
        };
        var command = new Command("verify",
            "Proves that a copy holds what its source holds, or shows what differs, down to the rows and their "
            + "columns. Both databases are only read, each at one moment, as an ordinary role; "
            + "the copy is changed by --repair alone. "
            + "Definitions that the two servers print differently are made once more in the temporary schema of a "
            + "session at the copy, in a transaction that is rolled back. "
            + "The exit code is 0 when it is proven, 1 when something differs, and 3 when it could not be proven.");
        foreach (var option in flags.All.Append(json))
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
            using var opened = flags.Open(parsed, world);
            // Without the terminal, only a verdict on a page or in a file has a reader.
            using var outliving = opened.Page is not null || !world.Console.PrintsToTerminal
                ? world.Console.OutliveTerminal() : null;
            return await RunAsync(new VerifyRequest(opened, parsed.GetValue(json)), world, stop.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(VerifyRequest request, CliEnvironment world, CancellationToken ct)
    {
        var (opened, output) = (request.Opened, world.Console.Out);
        var target = await opened.Target.FindAsync(ct) with { LockWait = opened.Source.LockWait };
        var options = opened.Options with { Expected = await opened.FindExpectedAsync(target, ct) };
        var verifier = new Verifier(opened.Source, target, options, world.Clock);
        var verdict = await VerifyAsync(verifier, request, world, ct);
        if (verifier.Repair is { } repair && !request.PrintsJson)
            RepairScreen.Show(repair, opened.Repairs, output);
        if (opened.Repairs && verifier.Repair is { Statements: > 0 } script)
        {
            await script.ApplyAsync(opened.Source, target, ct);
            if (!request.PrintsJson)
                await output.WriteLineAsync("Applied at the target, in one transaction. Both sides once more:\n");
            verdict = await VerifyAsync(
                new Verifier(opened.Source, target, options with { RepairFile = null }, world.Clock),
                request, world, ct);
        }

        return ExitCodes.Of(verdict.Overall);
    }

    private static async Task<Verdict> VerifyAsync(
        Verifier verifier, VerifyRequest request, CliEnvironment world, CancellationToken ct)
    {
        var verdict = await CompareAsync(verifier, request.PrintsJson, world, ct);
        if (request.PrintsJson)
            await world.Console.Out.WriteLineAsync(VerdictJson.Write(verdict));
        else
            new VerifyScreen(world.Console.Out).Show(verdict, request.Opened.ListsAll);
        if (request.Opened.Page is { } page)
            await ProofPage.WriteAsync(verdict, MigrationRun.Version, page, ct);
        return verdict;
    }

    private static async Task<Verdict> CompareAsync(
        Verifier verifier, bool isQuiet, CliEnvironment world, CancellationToken ct)
    {
        if (isQuiet)
            return await verifier.RunAsync(new Nobody(), ct);
        if (!world.Console.IsTerminal)
            return await verifier.RunAsync(new PlainFace(world.Console.Error, world.Clock), ct);
        var live = new LiveFace([new PlannedStep(Verifier.StepName, Intent, null)], world.Console, world.Clock);
        return await live.ShowAsync(async () =>
        {
            live.Report(new StepStarted(Verifier.StepName, world.Clock.GetUtcNow(), Intent));
            try
            {
                var verdict = await verifier.RunAsync(live, ct);
                var done = new Evidence($"Compared {Words.Count(verdict.RealTables.Count, "table")} and "
                    + $"{Words.Count(verdict.ObjectsCompared, "object")} of the schema", "");
                live.Report(new StepDone(Verifier.StepName, world.Clock.GetUtcNow(), done, WasAlreadyDone: false));
                return verdict;
            }
            catch (FaultException e)
            {
                live.Report(new StepFailed(Verifier.StepName, world.Clock.GetUtcNow(), e.Fault));
                throw;
            }
        });
    }

    // With --json, only the verdict is printed.
    private sealed class Nobody : IProgress<StepEvent>
    {
        public void Report(StepEvent value)
        {
        }
    }
}

internal sealed record VerifyRequest(OpenedVerification Opened, bool PrintsJson);
