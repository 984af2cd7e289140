using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Godwit.Dump;
using Godwit.Postgres;
using Godwit.Requests;

namespace Godwit.App.Cli.Flags;

/// <summary>How the source is read, for commands that dump.</summary>
internal sealed class DumpFlags
{
    // .NET compresses with zlib-ng, whose levels differ from those of pg_dump's zlib.
    private const string DefaultLevel = "5, no larger than pg_dump's own default; but 1 is larger than pg_dump -Z1";

    private const string OtherCompressions = "; or zstd[:LEVEL] or lz4[:LEVEL] (faster, but only pg_restore 16 and "
        + "newer reads them), gzip[:LEVEL], none";

    private const string OfRun = "Workers of the dump, and connections to each database while verifying";

    private readonly Option<int?> _jobs;
    private readonly Option<DumpCompression?> _compress;
    private readonly Option<string?> _engine;
    private readonly LockWaitFlag _lockWait;

    // What --jobs means in this command, and the flags' defaults.
    private DumpFlags(
        string jobs, string unsaidJobs, string unsaidLevel, string unsaidEngine, string unsaidLockWait,
        string names = "")
    {
        _jobs = new("--jobs")
        {
            Description = $"{jobs}, 1 to {JobCount.Max}. Default: {unsaidJobs}.", HelpName = "N",
            CustomParser = result => Number(result, 1, JobCount.Max),
        };
        _compress = new("--compress")
        {
            Description = $"How small the dump is made, 0 (not at all, fastest) to 9{names}. Default: {unsaidLevel}.",
            HelpName = "LEVEL",
            CustomParser = result => Compression(result, hasNames: names.Length > 0),
        };
        _engine = new("--engine")
        {
            Description = "What dumps: godwit (several workers at once) or pg_dump (stock pg_dump). "
                + $"Default: {unsaidEngine}.", HelpName = "NAME",
        };
        _engine.AcceptOnlyFromAmong([.. DumpEngines.Words.All]);
        _lockWait = new(unsaidLockWait);
    }

    /// <summary>With pg_dump's short options.</summary>
    public static DumpFlags ForDump()
    {
        var flags = new DumpFlags("Workers, each with a connection to the source", $"{JobCount.Usual}",
            DefaultLevel, DumpEngines.Words.Usual, LockWaitFlag.Default, OtherCompressions);
        flags._jobs.Aliases.Add("-j");
        flags._compress.Aliases.Add("-Z");
        return flags;
    }

    public static DumpFlags ForMigrate() =>
        new(OfRun, $"{JobCount.Usual}", DefaultLevel, DumpEngines.Words.Usual, LockWaitFlag.DefaultOfRows);

    public static DumpFlags ForResume() =>
        new(OfRun, "as before", "as before", "as before", "as before");

    public IReadOnlyList<Option> All => [_jobs, _compress, _engine, _lockWait.Option];

    /// <summary>Null: not given.</summary>
    public int? Jobs(ParseResult parsed) => parsed.GetValue(_jobs);

    /// <summary>For a run. Flags that are not given change nothing.</summary>
    public DumpSettings Over(DumpSettings settings, ParseResult parsed) => settings with
    {
        CompressLevel = parsed.GetValue(_compress) is { } compression ? compression.Level ?? 0 : settings.CompressLevel,
        Engine = Engine(parsed) ?? settings.Engine,
        LockWaitSeconds = (int?)_lockWait.Read(parsed)?.TotalSeconds ?? settings.LockWaitSeconds,
        Flags = parsed.Given(settings.Flags, [_compress, _engine]),
    };

    /// <summary>For a command without a run.</summary>
    public DumpOptions Over(DumpOptions options, ParseResult parsed) => options with
    {
        Jobs = Jobs(parsed) ?? options.Jobs,
        Compression = parsed.GetValue(_compress) ?? options.Compression,
        Engine = Engine(parsed) ?? options.Engine,
    };

    /// <summary>Null: not given.</summary>
    public TimeSpan? LockWait(ParseResult parsed) => _lockWait.Read(parsed);

    /// <summary>Several jobs are given for pg_dump, which has one.</summary>
    public bool HasIdleJobs(ParseResult parsed) =>
        Jobs(parsed) > 1 && Engine(parsed) == DumpEngineKind.PgDump;

    private DumpEngineKind? Engine(ParseResult parsed) =>
        parsed.GetValue(_engine) is { } name ? DumpEngines.Words.Of(name) : null;

    // A run's dump is restored by pg_restore of the target's platform, which may be old: levels of gzip only.
    private static DumpCompression? Compression(ArgumentResult result, bool hasNames)
    {
        var text = result.Tokens[0].Value;
        if ((hasNames || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            && DumpCompression.Parse(text) is { } compression)
            return compression;
        result.AddError("--compress: give a number from 0 to 9"
            + (hasNames ? ", or zstd, lz4 or gzip with or without a level (zstd:9), or none" : ""));
        return null;
    }

    // The options check the range later, together with all other problems.
    private static int? Number(ArgumentResult result, int min, int max)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var number))
            return number;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: give a number from {min} to {max}");
        return null;
    }
}
