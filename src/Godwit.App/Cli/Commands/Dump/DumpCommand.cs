using System.CommandLine;
using Godwit.App.Cli.Screens;
using Godwit.App.Web;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.App.Cli.Commands;

/// <summary>Writes one archive, without a run.</summary>
internal static class DumpCommand
{
    public static Command Build(CliEnvironment world)
    {
        var options = new DumpCommandOptions();
        var json = RunScreen.JsonOption();
        var command = new Command("dump",
            "Dumps a database into a bucket, a file or a pipe: "
            + "one consistent snapshot, several workers, an archive that stock pg_restore reads. "
            + "The source is only read. A dump that fails leaves nothing.");
        foreach (var option in options.All.Append(json))
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            using var outliving = world.Console.OutliveTerminal();
            var request = options.Read(parsed, world.Environment);
            if (request.Note is { } note)
                await world.Console.Error.WriteLineAsync($"Note: {note}");
            var source = world.Databases.Source(request.From) with { LockWait = request.LockWait };
            await using var target = Open(request.To, request.Overwrites, request.AcceptsPublic, request.Store, world,
                CliFaults.DumpToTerminal);
            var dump = new SingleDump(source, target,
                token => DumpEngines.FindAsync(source, request.Options, world.Tools, world.Processes, token),
                world.Clock)
            {
                CreatesStore = request.CreatesStore,
                LeftOutFile = request.LeftOutFile,
            };
            // Standard output may carry the archive.
            var screen = new DumpScreen(world,
                request.To is DumpDestination.Pipe ? world.Console.Error : world.Console.Out);
            return await screen.RunAsync(dump, parsed.GetValue(json), ct);
        });
        return command;
    }

#pragma warning disable CA2000 // The target disposes its store, and that its link host.
    /// <param name="toTerminal">For a terminal as standard output.</param>
    public static DumpTarget Open(
        DumpDestination to, bool overwrites, bool acceptsPublic, StoreOptions options, CliEnvironment world,
        Func<Fault> toTerminal)
    {
        return to switch
        {
            DumpDestination.InStore place =>
                DumpTarget.InStore(Store(place.RequireNoFolder().Store), place.Key, overwrites, acceptsPublic),
            DumpDestination.InFile file => DumpTarget.InFile(
                Store(new StoreAddress.Disk(Path.GetDirectoryName(file.Path)!)), file.Path, overwrites),
            _ => DumpTarget.Pipe(world.Console.BinaryOut ?? throw new FaultException(toTerminal()), world.Clock),
        };

        IObjectStore Store(StoreAddress address) => ObjectStores.Open(address, options, new LinkHost(), world.Clock);
    }
#pragma warning restore CA2000
}
