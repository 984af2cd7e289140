using System.CommandLine;
using Godwit.App.Cli.Flags;
using Godwit.Copy;
using Godwit.Faults;

namespace Godwit.Tests.Cli;

public sealed class FillFlagsTests
{
    private const string Good = "--to env:TARGET_URL";

    [Theory]
    [InlineData("copy")]
    [InlineData("restore")]
    public void What_is_not_said_is_the_same_for_every_command(string command)
    {
        var (options, problems) = Read(command, Good);
        Assert.Equal(new FillOptions { Jobs = 4, MappedRoles = null }, options with { MappedRoles = null });
        Assert.Empty(options.MappedRoles!.Pairs);
        Assert.Equal("", problems);
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("restore")]
    public void Every_flag_reaches_the_options(string command)
    {
        var (options, problems) = Read(command,
            $"{Good} -j 8 --index-jobs 2 --max-rate 20MB --keep-orphans --resume --no-clean --left-out /out.sql");
        Assert.Equal(new FillOptions
        {
            Jobs = 8, IndexJobs = 2, RateMax = 20_000_000, KeepsOrphans = true, Resumes = true, MappedRoles = null,
            LeftOutFile = "/out.sql",
        }, options);
        Assert.Equal("", problems);
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("restore")]
    public void Every_problem_is_told_at_once_and_none_speaks_of_a_source_that_a_restore_has_not(string command)
    {
        var (_, problems) = Read(command,
            "--to \"\" --jobs 0 --index-jobs 33 --max-rate fast --map-role a --left-out \"\"");
        Assert.All(["--to is empty", "--jobs is 0", "--index-jobs is 33", "--max-rate is 'fast'", "--map-role is 'a'",
            "--left-out is empty"],
            why => Assert.Contains(why, problems, StringComparison.Ordinal));
        Assert.DoesNotContain("source", problems, StringComparison.Ordinal);
    }

    /// <returns>The options, and each problem with its remedy.</returns>
    private static (FillOptions Options, string Problems) Read(string name, string line)
    {
        var flags = name == "copy" ? FillFlags.ForCopy() : FillFlags.ForRestore();
        var command = new Command(name);
        foreach (var option in flags.Filling.Concat(flags.LeavingOut))
            command.Add(option);
        var problems = new List<OptionProblem>();
        return (flags.Read(command.Parse(line), problems),
            string.Join('\n', problems.Select(one => $"{one.Option} {one.Why}: {one.Remedy}")));
    }
}
