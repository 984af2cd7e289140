using System.Buffers;
using System.CommandLine;
using System.Text;
using Godwit.App.Cli.Flags;
using Godwit.Copy.Archive;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Report;

namespace Godwit.App.Cli.Commands;

/// <summary>Looks into archives of pg_dump -Fc and edits them, without PostgreSQL.</summary>
internal static class ArchiveCommand
{
    public static Command Build(CliEnvironment world) => new("archive",
        "Looks into an archive of pg_dump -Fc, checks it, or leaves something out of it. Needs no PostgreSQL.")
    {
        ListCommand(world), ArchiveCheckCommand.Build(world), ArchiveFilterCommand.Build(world),
    };

    private static Command ListCommand(CliEnvironment world)
    {
        var archive = Argument();
        var store = new StoreFlags();
        var command = new Command("list",
            "Prints the table of contents, as pg_restore -l does. Only the beginning of the archive is read.")
        {
            archive,
        };
        foreach (var option in store.Buckets)
            command.Add(option);
        command.SetAction(async (parsed, ct) =>
        {
            await using var place = await OpenAsync(parsed.GetRequiredValue(archive), store, parsed, world, ct);
            var listing = new ArrayBufferWriter<byte>();
            await GuardAsync(place.Name, async () =>
            {
                var head = (await ArchiveReader.OpenAsync(place.Content, null, ct)).Head;
                ArchiveListing.Write(head, listing, TimeZoneInfo.Local);
                return head;
            });
            // Names are bytes in the database's encoding. A file gets them unchanged; on a terminal, control characters
            // are made visible.
            if (world.Console.BinaryOut is { } output)
                await output.WriteAsync(listing.WrittenMemory, ct);
            else
                await world.Console.Out.WriteAsync(Words.Block(Encoding.UTF8.GetString(listing.WrittenSpan)));
            return ExitCodes.Proven;
        });
        return command;
    }

    public static Argument<string> Argument() =>
        new("ARCHIVE") { Description = ArchivePlace.Explained, HelpName = "ARCHIVE" };

    public static Task<ArchivePlace> OpenAsync(
        string archive, StoreFlags store, ParseResult parsed, CliEnvironment world, CancellationToken ct)
    {
        var options = store.Read(parsed, world.Environment);
        OptionProblems.RequireNone(options.Problems());
        return ArchivePlace.OpenAsync(archive, options, world, ct);
    }

    /// <summary>Errors in an archive, or in reading it, become a fault that names it.</summary>
    public static async Task<T> GuardAsync<T>(string name, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            throw new FaultException(ArchiveReadErrors.Explain(e, name), e);
        }
    }
}
