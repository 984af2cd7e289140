using System.CommandLine;
using Godwit.Faults;

namespace Godwit.App.Cli.Commands;

/// <summary>Prints what to send to Godwit's developers. It sends nothing.</summary>
internal static class ReportProblemCommand
{
    public static Command Build(CliEnvironment world)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "The report, by its name or as a path. Without it: the newest.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var list = new Option<bool>("--list") { Description = "List the reports there are, newest first." };
        var command = new Command("report-problem",
            "Prints the report of a failure that Godwit does not know, to be sent to its developers. "
            + "Passwords, tokens and signed links are "
            + "masked. Nothing is sent.") { name, list };
        command.SetAction(parsed => Show(parsed.GetValue(name), parsed.GetValue(list), world));
        return command;
    }

    private static int Show(string? name, bool lists, CliEnvironment world)
    {
        if (name is not null && lists)
            throw new FaultException(OptionFaults.Options("--list: is given together with a report",
                "Leave one of them out."));
        var names = Names(world);
        if (lists || (name is null && names.Count == 0))
        {
            foreach (var one in names)
                world.Console.Out.WriteLine($"{one}  {world.Problems.PathOf(one)}");
            if (names.Count == 0)
                world.Console.Out.WriteLine(
                    "There is no report: Godwit has met no failure on this machine that it does not know.");
            return ExitCodes.Proven;
        }

        world.Console.Out.Write(ProblemText.Cleaned(world.Problems.Read(name ?? names[0])));
        return ExitCodes.Proven;
    }

    private static IReadOnlyList<string> Names(CliEnvironment world)
    {
        try
        {
            return world.Problems.Names();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(
                CliFaults.ReportUnreadable(Path.Combine(world.Runs.Root, "problems"), e.Message.TrimEnd('.')), e);
        }
    }
}
