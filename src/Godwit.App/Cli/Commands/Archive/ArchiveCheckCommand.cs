using System.CommandLine;
using System.Text.Json;
using Godwit.App.Cli.Flags;
using Godwit.App.Cli.Screens;
using Godwit.Faults;
using Godwit.Journal;
using Godwit.PgArchive;
using Godwit.Pipeline;
using Godwit.Report;

namespace Godwit.App.Cli.Commands;

/// <summary>Checks whether the file is whole.</summary>
internal static class ArchiveCheckCommand
{
    private const string Step = "check";

    public static Command Build(CliEnvironment world)
    {
        var archive = ArchiveCommand.Argument();
        var store = new StoreFlags();
        var json = new Option<bool>("--json") { Description = "Print JSON for programs." };
        var command = new Command("check",
            "Reads an archive to its end and says whether it is whole: "
            + "every block is where it should be, complete, and has the right check sum. "
            + "Exit code 0: it is; 1: it is not.")
        { archive, json };
        foreach (var option in store.Buckets)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            await using var place = await ArchiveCommand.OpenAsync(parsed.GetRequiredValue(archive), store,
                parsed, world, ct);
            var screen = new ArchiveScreen(world, Step, $"Check {place.Name}", place.SizeBytes);
            var report = await screen.RunAsync(parsed.GetValue(json),
                (progress, stop) => ArchiveCommand.GuardAsync(place.Name,
                    () => ArchiveCheck.RunAsync(place.Content, null, progress, stop)),
                (report, at) => report.IsWhole
                    ? new StepDone(Step, at, new Evidence($"{place.Name} is whole", Phrase.Bytes(report.LengthBytes)),
                        WasAlreadyDone: false)
                    : new StepFailed(Step, at, Fault(place.Name, report)), ct);
            if (parsed.GetValue(json))
                await world.Console.Out.WriteLineAsync(JsonSerializer.Serialize(ToJson(place.Name, report),
                    JournalJson.Options));
            else
                Show(place.Name, report, world.Console.Out);
            if (report.IsWhole)
                return ExitCodes.Proven;
            FaultScreen.Show(Fault(place.Name, report), world.Console.Error);
            return ExitCodes.Refused;
        });
        return command;
    }

    internal static void Show(string name, ArchiveReport report, TextWriter writer)
    {
        var header = report.Head.Header;
        writer.WriteLine(!report.IsWhole ? $"{name} is NOT whole."
            : header.Compression switch
            {
                ArchiveCompression.Gzip => $"{name} is whole: every block was read, and every check sum is right.",
                ArchiveCompression.None => $"{name} is whole. It is not compressed, so it has no check sums: "
                    + "a changed byte inside a row would not be seen.",
                _ => $"{name} is whole: every block was read. pg_dump writes no check sums with "
                    + $"{ArchiveListing.CompressionName(header)}: not every changed byte inside a row would be seen.",
            });
        foreach (var problem in report.Problems)
            writer.WriteLine($"  byte {Words.Number(problem.Offset)}: {Words.Name(problem.Why)}");
        writer.WriteLine(
            $"  made of   {Words.Name($"{header.Database}")}, PostgreSQL {Words.Name($"{header.ServerVersion}")}");
        writer.WriteLine($"  made by   pg_dump {Words.Name($"{header.DumpVersion}")}, format {header.Version}, "
            + $"compression {ArchiveListing.CompressionName(header)}");
        writer.WriteLine($"  contents  {Entries(report.Head.Entries.Length)}, "
            + $"{report.EntriesWithData} of them with data: {Words.Count(report.Rows, "row")}, "
            + Words.Count(report.LargeObjects, "large object"));
        writer.WriteLine($"  size      {Words.Number(report.LengthBytes)} bytes read; the data in it "
            + $"{Phrase.Bytes(report.CompressedBytes)}, decompressed {Phrase.Bytes(report.UncompressedBytes)}");
        if (report.HasSecondToc)
        {
            writer.WriteLine("  note      the table of contents stands a second time behind the data: "
                + "pg_dump does that when its output is redirected (>). It is harmless;");
            writer.WriteLine("            `godwit archive filter ARCHIVE --to NEW` writes it as it should be, "
                + "so that pg_restore -j need not search.");
        }
    }

    private static string Entries(int count) => count == 1 ? "1 entry" : $"{Words.Number(count)} entries";

    private static Fault Fault(string name, ArchiveReport report)
    {
        var first = report.Problems[0];
        return ArchiveFaults.NotWhole(name, Redactor.Clean($"{first.Why} (byte {Words.Number(first.Offset)})"),
            report.Problems.Length - 1);
    }

    private static object ToJson(string name, ArchiveReport report) => new
    {
        Archive = name,
        Whole = report.IsWhole,
        Problems = report.Problems.Select(problem =>
            new { Problem = problem.Problem.ToString(), problem.Offset, problem.Why }),
        Format = report.Head.Header.Version.ToString(),
        Compression = ArchiveListing.CompressionName(report.Head.Header),
        Database = report.Head.Header.Database?.ToString(),
        ServerVersion = report.Head.Header.ServerVersion?.ToString(),
        DumpVersion = report.Head.Header.DumpVersion?.ToString(),
        Entries = report.Head.Entries.Length,
        report.EntriesWithData,
        report.Rows,
        report.LargeObjects,
        SizeBytes = report.LengthBytes,
        report.CompressedBytes,
        report.UncompressedBytes,
        report.HasSecondToc,
    };
}
