using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.Migration;
using Godwit.Pipeline;

namespace Godwit.App.Cli.Commands;

/// <summary>A defect's report, for Godwit's developers.</summary>
internal static class ProblemText
{
    // An exception may contain itself, or have a whole document as its message.
    private const int ExceptionsMax = 20;

    private const int MessageMax = 4_000;
    private const int FramesMax = 200;
    private const int EventMax = 2_000;

    /// <summary>Keeps an event for a later report.</summary>
    public static void Remember(StepEvent value) =>
        Witness.Current?.Happened(value is BytesMoved ? $"bytes of {value.Step}" : "",
            JsonSerializer.Serialize(value, JournalJson.Options));

    /// <summary>Writes the report into the state folder, else into a temporary one. Returns how to get it, in whole
    /// sentences, or the report if it cannot be written anywhere. Never throws: the reported exception must not be lost
    /// behind another.</summary>
    public static string Write(Exception e, Witness witness, IReadOnlyList<string> args, CliEnvironment world)
    {
        string text;
        var name = ProblemReports.NewName(world.Clock.GetUtcNow());
        try
        {
            text = Of(e, name, witness, args);
        }
        catch (Exception second)
        {
            return $"No report of it could be made ({second.GetType().Name}).";
        }

        try
        {
            world.Problems.Write(name, text);
            return $"What to send is printed by: godwit report-problem {name}";
        }
        catch (Exception unwritten)
        {
            return WriteElsewhere(name, text, Why(unwritten));
        }
    }

    /// <summary>Masks all secrets known now: the environment that prints a report may have more than the one that wrote
    /// it.</summary>
    public static string Cleaned(string text) =>
        Redactor.Clean(text, KnownSecrets.All.Concat(EnvironmentSecrets.Of(Environment.GetEnvironmentVariables())));

    private static string WriteElsewhere(string name, string text, string why)
    {
        try
        {
            // Only its owner may enter the folder.
            var path = new ProblemReports(Directory.CreateTempSubdirectory("godwit-problem-").FullName)
                .Write(name, text);
            return $"The state folder cannot be written ({why}). What to send is printed by: "
                + $"godwit report-problem {path}";
        }
        catch (Exception e)
        {
            return $"Its report can be written neither into the state folder ({why}) nor into a temporary one "
                + $"({Why(e)}). It follows.\n\n{text}";
        }
    }

    private static string Why(Exception e) => Redactor.CleanOfAll(e.Message.TrimEnd('.'));

    private static string Of(Exception e, string name, Witness witness, IReadOnlyList<string> args)
    {
        IReadOnlyList<string> lines =
        [
            ProblemReports.Heading,
            "It holds names of hosts, databases, users and tables. Look through it before you send it.",
            "",
            $"Report    {name}",
            $"Godwit    {MigrationRun.Version}",
            $".NET      {Environment.Version}",
            $"System    {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, "
                + Phrase.Count(Environment.ProcessorCount, "processor"),
            $"Command   {Line(string.Join(' ', MaskedArguments.Of(args).Prepend("godwit")))}",
            "",
            "Servers",
            .. Indented(witness.Servers.Select(server => $"{server.Name}: {server.Version}"), "none was reached"),
            "",
            "What happened",
            .. Chain(e),
            "",
            "Before that, oldest first",
            .. Indented(witness.Events.Select(line => Cut(Line(line), EventMax)), "nothing was reported"),
        ];
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Indented(IEnumerable<string> lines, string none) =>
        lines.DefaultIfEmpty(none).Select(line => "  " + Line(line));

    // The exception and its causes, each with its stack. Frames contain the program's own names, none of a user.
    private static IEnumerable<string> Chain(Exception e)
    {
        var open = new Stack<Exception>([e]);
        for (var count = 0; count < ExceptionsMax && open.TryPop(out var one); count++)
        {
            yield return $"  {(count == 0 ? "" : "caused by: ")}{one.GetType().FullName}: "
                + $"{Cut(Line(one.Message), MessageMax)}";
            foreach (var frame in Frames(one))
                yield return frame;
            var causes = one is AggregateException all ? all.InnerExceptions.Reverse() : new[] { one.InnerException }
                .OfType<Exception>();
            foreach (var cause in causes)
                open.Push(cause);
        }
    }

    private static IEnumerable<string> Frames(Exception e) => new StackTrace(e, fNeedFileInfo: true).ToString()
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(FramesMax)
        .Select(line => "      " + line);

    // Masks secrets before lines are cut or joined: half a secret, or one across two lines, would not be found.
    private static string Line(string text) => Cleaned(text).ReplaceLineEndings(" ");

    private static string Cut(string text, int max) => text.Length > max ? text[..max] + " …" : text;
}
