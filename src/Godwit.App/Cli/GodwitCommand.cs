using System.CommandLine;
using System.CommandLine.Help;
using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli;

/// <summary>The command line as a whole: <c>Commands/Xxx/XxxCommand.cs</c> is <c>godwit xxx</c>.</summary>
public static class GodwitCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliEnvironment world)
    {
        world = world with { Arguments = args };
        new Witness((e, witness) => ProblemText.Write(e, witness, args, world)).Begin();
        try
        {
            return await InvokeAsync(args, world);
        }
        catch (FaultException e)
        {
            FaultScreen.Show(e.Fault, world.Console.Error);
            return ExitCodes.Of(e.Fault.Kind);
        }
        catch (OperationCanceledException e) when (e.InnerException is not TimeoutException)
        {
            // Only commands without a run get here (a dry run, a local Heroku's start). A stopped run says so itself,
            // after undoing.
            FaultScreen.Show(CliFaults.Stopped(), world.Console.Error);
            return ExitCodes.Refused;
        }
        catch (IOException e) when (StateErrors.IsFull(e))
        {
            // Not a defect: the disk filled up while something other than a dump or a journal was written.
            FaultScreen.Show(CliFaults.DiskFull(e.Message.TrimEnd('.')), world.Console.Error);
            return ExitCodes.NeedsAPerson;
        }
        catch (Exception e)
        {
            // The operator gets sentences, not a stack trace.
            var fault = CliFaults.Unexpected(Unforeseen.Of(e));
            try
            {
                FaultScreen.Show(fault, world.Console.Error);
            }
            catch (IOException)
            {
                // Standard error is closed, or its disk is full. The report is in the state folder.
            }

            return ExitCodes.NeedsAPerson;
        }
    }

    private static async Task<int> InvokeAsync(IReadOnlyList<string> args, CliEnvironment world)
    {
        // A word '@FILE' is not replaced by what the file holds: messages would show it, and it may be a password.
        var parsed = Build(world).Parse(
            args.Count > 0 ? args : ["--help"], new ParserConfiguration { ResponseFileTokenReplacer = null });
        var problems = UsageProblems.Problems(parsed, args);
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
                await world.Console.Error.WriteLineAsync($"godwit: {problem}");
            await world.Console.Error.WriteLineAsync($"  next: {Help(parsed)}");
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Godwit handles Ctrl-C: it asks, undoes, and says how to continue.
            ProcessTerminationTimeout = null,
            Output = world.Console.Out,
            Error = world.Console.Error,
        });
    }

    public static Command Build(CliEnvironment world)
    {
        var codes = string.Join('\n', ExitCodes.Table.Select(row => $"  {row.Code}  {row.Meaning}"));
        const string what = "Godwit moves a PostgreSQL database to Heroku Postgres: assessed before, proven "
            + "afterwards, and undone when something fails.";
        return new Command("godwit", $"""
            {what}

            Exit codes:
            {codes}
            """)
        {
            // Not a RootCommand, which would be named after the assembly.
            Help(),
            new VersionOption(),
            DemoCommand.Build(world),
            AssessCommand.Build(world),
            RehearseCommand.Build(world),
            MigrateCommand.Build(world),
            DumpCommand.Build(world),
            RestoreCommand.Build(world),
            CopyCommand.Build(world),
            VerifyCommand.Build(world),
            SettingsCommand.Build(world),
            StatusCommand.Build(world),
            ResumeCommand.Build(world),
            RollbackCommand.Build(world),
            AfterCommand.Build(world),
            CleanupCommand.Build(world),
            ArchiveCommand.Build(world),
            HerokuLocalCommand.Build(world),
            ReportProblemCommand.Build(world),
        };
    }

    private static HelpOption Help()
    {
        var help = new HelpOption { Recursive = true };
        help.Action = new GroupedHelp((HelpAction)help.Action!);
        return help;
    }

    private static string Help(ParseResult parsed)
    {
        var names = new List<string>();
        for (var symbol = parsed.CommandResult; symbol is not null;
            symbol = symbol.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, symbol.Command.Name);
        return $"See: {string.Join(' ', names)} --help";
    }
}
