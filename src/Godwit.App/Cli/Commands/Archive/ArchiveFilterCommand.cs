using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.Dump;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Pipeline;
using Godwit.Report;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>Makes a new archive with something left out.</summary>
internal static class ArchiveFilterCommand
{
    private const string Step = "filter";

    // Further entries are only counted.
    private const int NamedMax = 20;

    // Removing uploaded parts takes a call or two.
    private static readonly TimeSpan CleanUpMax = TimeSpan.FromMinutes(1);

    public static Command Build(CliEnvironment world)
    {
        var options = new ArchiveFilterOptions();
        var command = new Command("filter",
            "Writes a new archive with something left out. Dependencies, data and the places of the data stay right; "
            + "the data is copied as it is. "
            + "A filter that fails leaves nothing.");
        command.Add(options.Archive);
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction((parsed, ct) => RunAsync(options.Read(parsed, world.Environment), world, ct));
        return command;
    }

    private static async Task<int> RunAsync(ArchiveFilterRequest request, CliEnvironment world, CancellationToken ct)
    {
        await using var target = request.To is null ? null : DumpCommand.Open(request.To, request.Overwrites,
            request.AcceptsPublic, request.Store, world, ArchiveFaults.TerminalOutput);
        await using var place = await ArchivePlace.OpenAsync(request.Archive, request.Store, world, ct);
        CleanedContents? mended = null;
        var filter = await ArchiveCommand.GuardAsync(place.Name, () => ArchiveFilter.OpenAsync(
            place.Content,
            head => (mended = InternalOptions.Remove(request.Selection.Apply(head, place.Name))).Head, null, ct));
        if (request.LeftOutFile is { } file && mended!.LeftOut.Count > 0)
            await LeftOutFile.WriteAsync(file, mended, ct);
        // Standard output may carry the archive.
        var isPipe = request.To is DumpDestination.Pipe;
        var writer = isPipe ? world.Console.Error : world.Console.Out;
        if (target is null)
        {
            ShowLeftOut($"Would leave out {Of(filter)} of {place.Name}", filter, int.MaxValue, writer);
            ShowMended("Would also leave out", mended!, request.LeftOutFile, writer);
            ShowIncomplete(filter, world.Console.Error);
            return ExitCodes.Proven;
        }

        await target.PrepareAsync(ct);
        ShowIncomplete(filter, world.Console.Error);
        var screen = new ArchiveScreen(world, Step, $"Filter {place.Name} to {target.Name}", place.SizeBytes);
        StoredObject written;
        try
        {
            written = await screen.RunAsync(quiet: isPipe,
                (progress, stop) => ArchiveCommand.GuardAsync(place.Name,
                    () => new ArchiveFilterRun(filter, target).RunAsync(progress, stop)),
                (written, at) => new StepDone(Step, at, new Evidence($"{target.Name} is written",
                    Phrase.Bytes(written.SizeBytes)), WasAlreadyDone: false), ct);
        }
        catch (Exception e)
        {
            using var limit = new CancellationTokenSource(CleanUpMax, world.Clock);
            if (await target.CleanUpAsync(limit.Token) is not { } left)
                throw;
            FaultScreen.Show((e as FaultException)?.Fault ?? CliFaults.Stopped(), world.Console.Error);
            FaultScreen.Show(left, world.Console.Error);
            return ExitCodes.NeedsAPerson;
        }

        ShowLeftOut($"Wrote {target.Name}: {Phrase.Bytes(written.SizeBytes)}; left out {Of(filter)}", filter,
            NamedMax, writer);
        ShowMended("Also left out", mended!, request.LeftOutFile, writer);
        if (!isPipe)
            await writer.WriteLineAsync("The data was copied as it is; its check sums are looked at by: "
                + $"godwit archive check {target.Name}");
        return ExitCodes.Proven;
    }

    private static string Of(ArchiveFilter filter) =>
        $"{Words.Number(filter.Before.Entries.Length - filter.After.Entries.Length)} of "
        + $"{Words.Number(filter.Before.Entries.Length)} entries";

    private static void ShowLeftOut(string title, ArchiveFilter filter, int namedMax, TextWriter writer)
    {
        var gone = filter.Before.Entries
            .ExceptBy(filter.After.Entries.Select(entry => entry.DumpId), entry => entry.DumpId).ToList();
        writer.WriteLine(gone.Count == 0 ? $"{title}." : $"{title}:");
        foreach (var entry in gone.Take(namedMax))
            writer.WriteLine($"  {Words.Name(ArchiveSelection.Shown(entry))}");
        if (gone.Count > namedMax)
            writer.WriteLine($"  and {Words.Number(gone.Count - namedMax)} more; --dry-run names all");
    }

    // Shows kept entries without a server's internal column options, which an older pg_dump took for the user's.
    private static void ShowMended(string title, CleanedContents mended, string? file, TextWriter writer)
    {
        if (mended.LeftOut.Count == 0)
            return;
        var names = Phrase.List([.. mended.LeftOut.Select(one => Words.Name($"{one.Name}"))]);
        var list = file is not null ? $"The statements are in: {file}" : "To have the statements: --left-out FILE.";
        writer.WriteLine($"{title} {Phrase.Count(mended.LeftOut.Count, "set")} of internal column options ({names}).");
        writer.WriteLine(
            $"  {mended.LeftOut[0].Reason[..1].ToUpperInvariant()}{mended.LeftOut[0].Reason[1..]}. {list}");
    }

    private static void ShowIncomplete(ArchiveFilter filter, TextWriter writer)
    {
        var incomplete = ArchiveEdit.MissingDependencies(filter.Before, filter.After)
            .DistinctBy(pair => pair.Entry.DumpId).ToList();
        if (incomplete.Count == 0)
            return;
        writer.WriteLine(incomplete.Count == 1
            ? "One entry stays and needs what is left out:"
            : $"{Words.Number(incomplete.Count)} entries stay and need what is left out:");
        foreach (var (entry, missing) in incomplete.Take(NamedMax))
            writer.WriteLine(
                $"  {Words.Name(ArchiveSelection.Shown(entry))} needs {Words.Name(ArchiveSelection.Shown(missing))}");
        if (incomplete.Count > NamedMax)
            writer.WriteLine($"  and {Words.Number(incomplete.Count - NamedMax)} more");
        writer.WriteLine("  Restoring them fails unless the target has those things already. "
            + "--with-dependents leaves them out, too.");
    }
}
