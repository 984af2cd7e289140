using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.Assess;
using Godwit.Migration;
using Godwit.Report;
using Spectre.Console;

namespace Godwit.App.Cli.Commands;

/// <summary>What a source contains, what a target would refuse, what to do about it.</summary>
internal static class AssessCommand
{
    public static Command Build(CliEnvironment world)
    {
        var options = new AssessOptions();
        var page = new Option<string?>("--page")
        {
            Description = "Also write it as one HTML page into this file.", HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object, for programs." };
        var command = new Command("assess",
            "Looks at a database that is to be moved: "
            + "what is there, what the target would refuse, and what to do about it. The databases are only read. "
            + "The exit code is 1 when something stands in the way.");
        foreach (var option in options.All.Append(page).Append(json))
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var interrupts = world.Console.OnInterrupt(_ => stop.Cancel());
            await using var opened = options.Open(parsed, world);
            var report = await AssessAsync(opened.Parts,
                isShown: world.Console.IsTerminal && !parsed.GetValue(json), stop.Token);
            if (parsed.GetValue(page) is { } path)
                await AssessmentPage.WriteAsync(report, Path.GetFullPath(path), stop.Token);
            if (parsed.GetValue(json))
                await world.Console.Out.WriteLineAsync(report.ToJson());
            else
                AssessScreen.Show(report, world.Console.Out,
                    world.Console.IsTerminal ? AnsiConsole.Profile.Width : null);
            return report.Blockers > 0 ? ExitCodes.Refused : ExitCodes.Proven;
        });
        return command;
    }

    private static async Task<AssessmentReport> AssessAsync(AssessParts parts, bool isShown, CancellationToken ct)
    {
        if (!isShown)
            return await AssessAsync(parts, looking: null, ct);
        return await AnsiConsole.Status().StartAsync($"Looking at {Escaped(parts.Source.ToString())}",
            status => AssessAsync(parts, new Looking(status), ct));
    }

    private static async Task<AssessmentReport> AssessAsync(
        AssessParts parts, IProgress<string>? looking, CancellationToken ct)
    {
        var started = parts.Clock.GetTimestamp();
        await using var world = await AssessWorld.OpenAsync(parts, ct);
        var assessment = await Assessment.RunAsync(world, looking, ct);
        return new AssessmentReport
        {
            GodwitVersion = MigrationRun.Version,
            At = parts.Clock.GetUtcNow(),
            Seconds = parts.Clock.GetElapsedTime(started).TotalSeconds,
            From = assessment.Source,
            To = parts.Target?.Title,
            Via = parts.Store?.Address,
            Facts = [.. assessment.Facts.Select(fact => new AssessedFact(fact.Key, fact.Value))],
            Findings = assessment.Findings,
            Checks = [.. assessment.Checks.Select(check =>
                new AssessedCheck(check.Name, check.CouldLook, check.Took.TotalSeconds))],
        };
    }

    private static string Escaped(string text) => Spectre.Console.Markup.Escape(Words.Name(text));

    private sealed class Looking(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status($"Looking at {Escaped(value)}");
    }
}
