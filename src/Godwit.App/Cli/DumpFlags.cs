using System.CommandLine;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli;

/// <summary>How the source is read, for every command that dumps.</summary>
internal sealed class DumpFlags
{
    private readonly Option<int?> _jobs;
    private readonly Option<int?> _compress;
    private readonly Option<string?> _engine;

    // What the jobs are in this command, and what holds without each flag.
    private DumpFlags(string jobs, string unsaidJobs, string unsaidLevel, string unsaidEngine)
    {
        _jobs = new("--jobs") { Description = $"{jobs}, 1 to {DumpOptions.JobsMax}. Default: {unsaidJobs}.", HelpName = "N" };
        _compress = new("--compress")
        {
            Description = $"How small the dump is made, 0 (not at all, fastest) to {DumpOptions.CompressLevelMax}. Default: {unsaidLevel}.", HelpName = "LEVEL",
        };
        _engine = new("--engine")
        {
            Description = $"What dumps: {DumpEngineNames.Godwit} (several workers at once) or {DumpEngineNames.PgDump} (stock pg_dump). Default: {unsaidEngine}.", HelpName = "NAME",
        };
        _engine.AcceptOnlyFromAmong(DumpEngineNames.Godwit, DumpEngineNames.PgDump);
    }

    public static DumpFlags ForDump() => new("Workers, each with a connection to the source", "4", "a level that makes it no larger than pg_dump does", DumpEngineNames.Godwit);

    public static DumpFlags ForMigrate() =>
        new("Workers of the dump, and connections to each database while verifying", "4", "a level that makes it no larger than pg_dump does", DumpEngineNames.Godwit);

    public static DumpFlags ForResume() =>
        new("Workers of the dump, and connections to each database while verifying", "as before", "as before", "as before");

    public IReadOnlyList<Option> All => [_jobs, _compress, _engine];

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        Jobs = parsed.GetValue(_jobs) ?? settings.Jobs,
        CompressLevel = parsed.GetValue(_compress) ?? settings.CompressLevel,
        Engine = parsed.GetValue(_engine) ?? settings.Engine,
    };

    /// <summary>For a command without a run.</summary>
    public DumpOptions Over(DumpOptions options, ParseResult parsed) => options with
    {
        Jobs = parsed.GetValue(_jobs) ?? options.Jobs,
        CompressLevel = parsed.GetValue(_compress) ?? options.CompressLevel,
        Engine = parsed.GetValue(_engine) is { } name ? DumpEngineNames.Kind(name) : options.Engine,
    };

    public static IEnumerable<OptionProblem> Problems(RunSettings settings) =>
        new DumpOptions { Jobs = settings.Jobs, CompressLevel = settings.CompressLevel }.Problems();
}
