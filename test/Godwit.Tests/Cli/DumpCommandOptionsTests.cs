using System.CommandLine;
using Godwit.App.Cli.Commands;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Requests;

namespace Godwit.Tests.Cli;

public sealed class DumpCommandOptionsTests
{
    private const string Good = "--from env:SOURCE_URL --to /srv/shop.dump";

    [Fact]
    public void What_is_not_said_is_everything_with_the_fast_engine_and_nothing_is_overwritten()
    {
        var request = Read(Good);
        Assert.Equal("env:SOURCE_URL", request.From);
        Assert.Equal(new DumpDestination.InFile("/srv/shop.dump"), request.To);
        Assert.False(request.Overwrites);
        Assert.Equal((4, DumpCompression.Usual, DumpEngineKind.Godwit),
            (request.Options.Jobs, request.Options.Compression, request.Options.Engine));
        Assert.Equal(0, new[]
        {
            request.Options.Schemas, request.Options.ExcludeSchemas, request.Options.Tables,
            request.Options.ExcludeTables,
            request.Options.ExcludeTableData,
        }.Sum(one => one.Length));
        Assert.True(request.Options.HasOwnersAndGrants, "pg_dump writes them");
    }

    [Fact]
    public void Every_flag_reaches_the_dump()
    {
        var request = Read("--from-stdin --to - --overwrite --jobs 7 --compress zstd:2 --engine pg_dump --format "
            + "custom "
            + "-n a --schema b -N c --exclude-schema d "
            + "-t e --table f -T g --exclude-table h --exclude-table-data i --exclude-table-data j "
            + "--s3-endpoint https://s3.example.com --s3-region eu-1 --s3-profile p --s3-path-style false "
            + "--azure-endpoint https://blob.example.com");
        Assert.Equal((RunSettings.FromStdin, true), (request.From, request.Overwrites));
        Assert.IsType<DumpDestination.Pipe>(request.To);
        var options = request.Options;
        Assert.Equal((7, new DumpCompression(ArchiveCompression.Zstd, 2), DumpEngineKind.PgDump),
            (options.Jobs, options.Compression, options.Engine));
        Assert.Equal(["a", "b"], options.Schemas);
        Assert.Equal(["c", "d"], options.ExcludeSchemas);
        Assert.Equal(["e", "f"], options.Tables);
        Assert.Equal(["g", "h"], options.ExcludeTables);
        Assert.Equal(["i", "j"], options.ExcludeTableData);
        Assert.Equal("https://blob.example.com", request.Store.AzureBlob.Endpoint);
        var s3 = request.Store.S3;
        Assert.Equal(("https://s3.example.com", "eu-1", "p", false),
            (s3.Endpoint, s3.Region, s3.Profile, s3.PathStyle));
    }

    [Theory]
    [InlineData("--to /srv/x", "--from is missing")]
    [InlineData("--from-stdin " + Good, "--from is given twice")]
    [InlineData(Good + " --jobs 0", "--jobs is 0")]
    [InlineData(Good + " --jobs 33", "--jobs is 33")]
    [InlineData(Good + " --compress 10", "--compress is 10")]
    [InlineData(Good + " --compress -1", "--compress is -1")]
    [InlineData(Good + " --compress zstd:20", "--compress is zstd:20")]
    [InlineData(Good + " --s3-endpoint nonsense", "--s3-endpoint is not")]
    [InlineData(Good + " --azure-endpoint http://blob.example.com", "--azure-endpoint is not an https:// address")]
    public void A_line_that_cannot_be_used_says_which_flag(string line, string why)
    {
        var fault = Assert.Throws<FaultException>(() => Read(line)).Fault;
        Assert.Equal(("cli.options", FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_letters_of_pg_dump_mean_what_they_mean_there()
    {
        var request = Read($"{Good} -Fc -j7 -Z 3");
        Assert.Equal((7, DumpCompression.OfLevel(3)), (request.Options.Jobs, request.Options.Compression));
    }

    [Fact]
    public void Jobs_of_an_engine_that_has_one_are_noted()
    {
        Assert.Contains("--jobs changes nothing", Read($"{Good} --engine pg_dump --jobs 4").Note,
            StringComparison.Ordinal);
        Assert.Null(Read($"{Good} --engine pg_dump").Note);
        Assert.Null(Read($"{Good} --jobs 4").Note);
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("plain")]
    [InlineData("d")]
    public void Another_format_is_refused_and_told_where_it_is_to_be_had(string format)
    {
        var fault = Assert.Throws<FaultException>(() => Read($"{Good} --format {format}")).Fault;
        Assert.Equal(("cli.dump_format", FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.Contains("pg_dump", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_is_one_word_and_the_next_word_is_not_taken_for_another() =>
        Assert.NotEmpty(Command().Parse($"{Good} -t one two").Errors);

    private static DumpRequest Read(string line)
    {
        var options = new DumpCommandOptions();
        return options.Read(Command(options).Parse(line), _ => null);
    }

    private static Command Command(DumpCommandOptions? options = null)
    {
        var command = new Command("dump");
        foreach (var option in (options ?? new DumpCommandOptions()).All)
            command.Add(option);
        return command;
    }
}
