using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Godwit.Dump;
using Godwit.Extract;
using Godwit.Faults;
using Godwit.Journal;

namespace Godwit.App.Cli.Flags;

/// <summary>How the source is read, for every command that dumps.</summary>
internal sealed class DumpFlags
{
    // .NET compresses with zlib-ng, whose levels are others than those of the zlib in pg_dump.
    private const string UnsaidLevel = "5, no larger than pg_dump's own default; but 1 is larger than pg_dump -Z1";

    private readonly Option<int?> _jobs;
    private readonly Option<int?> _compress;
    private readonly Option<string?> _engine;
    private readonly LockWaitFlag _lockWait;

    // What the jobs are in this command, and what holds without each flag.
    private DumpFlags(string jobs, string unsaidJobs, string unsaidLevel, string unsaidEngine, string unsaidLockWait)
    {
        _jobs = new("--jobs")
        {
            Description = $"{jobs}, 1 to {ExtractOptions.JobsMax}. Default: {unsaidJobs}.", HelpName = "N",
            CustomParser = result => Number(result, 1, ExtractOptions.JobsMax),
        };
        _compress = new("--compress")
        {
            Description = $"How small the dump is made, 0 (not at all, fastest) to {DumpOptions.CompressLevelMax}. "
                + $"Default: {unsaidLevel}.", HelpName = "LEVEL",
            CustomParser = result => Number(result, 0, DumpOptions.CompressLevelMax),
        };
        _engine = new("--engine")
        {
            Description = $"What dumps: {DumpEngineNames.Godwit} (several workers at once) or {DumpEngineNames.PgDump} "
                + $"(stock pg_dump). Default: {unsaidEngine}.", HelpName = "NAME",
        };
        _engine.AcceptOnlyFromAmong(DumpEngineNames.Godwit, DumpEngineNames.PgDump);
        _lockWait = new(unsaidLockWait);
    }

    /// <summary>With the letters that pg_dump has for them.</summary>
    public static DumpFlags ForDump()
    {
        var flags = new DumpFlags("Workers, each with a connection to the source", "4", UnsaidLevel,
            DumpEngineNames.Godwit, LockWaitFlag.Unsaid);
        flags._jobs.Aliases.Add("-j");
        flags._compress.Aliases.Add("-Z");
        return flags;
    }

    public static DumpFlags ForMigrate() =>
        new("Workers of the dump, and connections to each database while verifying", "4", UnsaidLevel,
            DumpEngineNames.Godwit, LockWaitFlag.UnsaidOfRows);

    public static DumpFlags ForResume() =>
        new("Workers of the dump, and connections to each database while verifying", "as before", "as before",
            "as before", "as before");

    public IReadOnlyList<Option> All => [_jobs, _compress, _engine, _lockWait.Option];

    /// <summary>As it is kept with a run; what is not said stays as it was.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        Jobs = parsed.GetValue(_jobs) ?? settings.Jobs,
        CompressLevel = parsed.GetValue(_compress) ?? settings.CompressLevel,
        Engine = parsed.GetValue(_engine) ?? settings.Engine,
        LockWaitSeconds = (int?)_lockWait.Read(parsed)?.TotalSeconds ?? settings.LockWaitSeconds,
        DumpFlags = parsed.Given(settings.DumpFlags, [_compress, _engine]),
    };

    /// <summary>For a command without a run.</summary>
    public DumpOptions Over(DumpOptions options, ParseResult parsed) => options with
    {
        Jobs = parsed.GetValue(_jobs) ?? options.Jobs,
        CompressLevel = parsed.GetValue(_compress) ?? options.CompressLevel,
        Engine = parsed.GetValue(_engine) is { } name ? DumpEngineNames.Kind(name) : options.Engine,
    };

    /// <summary>Null: nobody said how long.</summary>
    public TimeSpan? LockWait(ParseResult parsed) => _lockWait.Read(parsed);

    /// <summary>Whether jobs were asked for of an engine that has one.</summary>
    public bool HasIdleJobs(ParseResult parsed) =>
        parsed.GetValue(_jobs) > 1 && parsed.GetValue(_engine) == DumpEngineNames.PgDump;

    /// <summary>Whether it is in the range, the options say, together with all else that is wrong.</summary>
    private static int? Number(ArgumentResult result, int min, int max)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var number))
            return number;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: give a number from {min} to {max}");
        return null;
    }

    public static IEnumerable<OptionProblem> Problems(RunSettings settings) =>
        new DumpOptions { Jobs = settings.Jobs, CompressLevel = settings.CompressLevel }.Problems();
}
