using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Migration;
using Godwit.Postgres;
using Godwit.Verify.Schema;

namespace Godwit.App.Cli.Flags;

/// <summary><c>--left-out</c> of <c>godwit verify</c>: what the copy lacks on purpose. Default: this machine's record
/// of the last copy from this source into this target.</summary>
internal sealed class ExpectedFlag
{
    private const string Nothing = "none";

    private readonly Option<string?> _file = new("--left-out")
    {
        Description = "The file that copy or restore wrote with --left-out: what it lists is expected to be missing. "
            + "Default: what the last "
            + $"copy or restore on this machine left out of this target. {Nothing}: nothing is expected.",
        HelpName = "FILE",
    };

    public Option Option => _file;

    public IEnumerable<OptionProblem> Problems(ParseResult parsed)
    {
        if (parsed.GetResult(_file) is null)
            yield break;
        if (parsed.GetValue(_file) is not { Length: > 0 } file)
            yield return new("--left-out", "is empty",
                "Name the file that copy or restore wrote with --left-out FILE.");
        else if (file != Nothing && !File.Exists(ListOf(file)))
            yield return new("--left-out", $"names {file}, and {ListOf(file)}, which belongs to it, is not there",
                "Name the file that copy or restore wrote with --left-out FILE. "
                + "Where nothing was left out, none is written: leave the flag out.");
    }

    public async Task<SchemaExpectations> FindAsync(
        ParseResult parsed, PostgresAddress source, PostgresAddress target, CliEnvironment world, CancellationToken ct)
    {
        if (parsed.GetValue(_file) is { } file)
            return file == Nothing ? SchemaExpectations.None : ExpectedSchema.Of(await ReadAsync(ListOf(file), ct));
        if (await world.Copies.FindAsync(source, target, ct) is not var (copy, path))
            return SchemaExpectations.None;
        var date = copy.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        await world.Console.Error.WriteLineAsync(
            $"Note: what the {copy.Kind} of {date} left out is expected: {path}. To expect nothing: "
            + $"--left-out {Nothing}");
        return ExpectedSchema.Of(copy.Items);
    }

    // Beside the file with the statements, or the file itself.
    private static string ListOf(string file) => LeftOutList.PathFor(Path.GetFullPath(file));

    private static async Task<IReadOnlyList<LeftOutItem>> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            return await LeftOutList.ReadAsync(path, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FaultException(CliFaults.LeftOutUnreadable(path, e.Message.TrimEnd('.')), e);
        }
    }
}
