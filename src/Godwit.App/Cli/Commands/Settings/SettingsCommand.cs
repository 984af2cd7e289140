using System.CommandLine;
using System.Text.Json;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Settings;

namespace Godwit.App.Cli.Commands;

/// <summary>Which settings the target lacks, and what can be done about it.</summary>
internal static class SettingsCommand
{
    public static Command Build(CliEnvironment world)
    {
        var options = new SettingsOptions();
        var command = new Command("settings",
            "Compares the settings of two databases: "
            + "what can be carried over, with the SQL and the commands for it, and what the target's plan decides. "
            + "Changes nothing without --apply, and never the source. "
            + "The exit code is 1 while something that can be carried is not.");
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var opened = options.Open(parsed, world);
            return await RunAsync(opened, world.Console, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(OpenedSettings opened, IConsole console, CancellationToken ct)
    {
        var request = opened.Request;
        var carrier = new SettingsCarrier(opened.Source, opened.Target.Target, request.Role);
        var comparison = await carrier.CompareAsync(ct);
        var screen = new SettingsScreen(request is { PrintsJson: false, PrintsCsv: false } ? console.Out : null);
        screen.Show(comparison, request.ShowsAll);
        CarriedSettings? carried = null;
        try
        {
            carried = request.Applies ? await carrier.CarryAsync(comparison, ct) : null;
        }
        catch (FaultException e)
        {
            FaultScreen.Show(e.Fault, console.Error);
            await console.Error.WriteLineAsync("Some settings may have been set before that. "
                + "Run the same command again: what stands is left as it is.");
            return ExitCodes.NeedsAPerson;
        }

        screen.Show(carried, comparison);
        var now = carried?.After ?? comparison;
        if (request.PrintsJson)
            await console.Out.WriteLineAsync(JsonSerializer.Serialize(new
            {
                now.Source, now.Target, now.Role, now.Plan, now.ToSeeAll, now.Differences,
                Applied = carried?.All.Select(ToJson),
            }, JournalJson.Options));
        if (request.PrintsCsv)
            SettingsCsv.Write(now, console.Out);
        if (request.CsvFile is { } file)
            WriteFile(file, now);
        foreach (var refused in request.PrintsCsv ? carried?.All.Where(one => !one.Stands) ?? [] : [])
            await console.Error.WriteLineAsync($"godwit: {SettingsScreen.Line(refused)}");
        return now.Pending.Any() ? ExitCodes.Refused : ExitCodes.Proven;
    }

    private static object ToJson(CarriedSetting one) =>
        new { one.Difference.Name, one.Difference.Role, one.Stands, one.Refusal };

    private static void WriteFile(string path, SettingsComparison comparison)
    {
        try
        {
            using var file = new StreamWriter(path);
            SettingsCsv.Write(comparison, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(CliFaults.FileUnwritable("--csv", path, e.Message.TrimEnd('.')), e);
        }
    }
}
