using System.CommandLine;
using System.Text.Json;
using Godwit.Assess;
using Godwit.Journal;

namespace Godwit.App.Cli;

/// <summary><c>godwit assess</c>: what is there, what will not survive, what to do about it.</summary>
internal static class AssessCommand
{
    public static Command Build(Surroundings world)
    {
        var options = new AssessOptions();
        var json = new Option<bool>("--json") { Description = "Print one JSON object, for programs." };
        var command = new Command("assess",
            "Looks at a database that is to be moved: what is there, what the target would refuse, and what to do about it. Only reads. "
            + "The exit code is 1 when something stands in the way.");
        foreach (var option in options.All.Append(json))
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            await using var opened = options.Open(parsed, world);
            await using var looked = await AssessWorld.OpenAsync(opened.Parts, ct);
            var assessment = await Assessment.RunAsync(looked, ct);
            if (parsed.GetValue(json))
                await world.Console.Out.WriteLineAsync(JsonSerializer.Serialize(assessment, JournalJson.Options));
            else
                AssessScreen.Show(assessment, world.Console.Out);
            return assessment.Blockers.Any() ? ExitCodes.Refused : ExitCodes.Proven;
        });
        return command;
    }
}
