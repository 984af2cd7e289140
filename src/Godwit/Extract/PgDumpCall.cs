using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Extract;

/// <summary>The pg_dump that reads the source, and its arguments.</summary>
public sealed partial class PgDumpCall
{
    // 128 and the signal's number.
    private const int Interrupted = 130;

    private const int AskedAgainMax = 2;

    // pg_dump --version returns at once; one that does not is on a dead file server or no pg_dump.
    private static readonly TimeSpan VersionMax = TimeSpan.FromSeconds(20);

    // Seconds, as for our own sessions. libpq has no environment variables for these; the rest of the address is in the
    // environment.
    private const string KeepAlive = "--dbname=keepalives_idle=30 keepalives_interval=10 keepalives_count=3";

    // Each major version reserves other words: pg_dump 15 writes a column system_user without quotes, which PostgreSQL
    // 16 and later refuse.
    private const string QuoteAll = "--quote-all-identifiers";

    private const int FaultLinesMax = 6;

    private readonly IProcessRunner _processes;
    private readonly string _program;

    private PgDumpCall(PostgresAddress source, IProcessRunner processes, string program, Version version) =>
        (Source, _processes, _program, Version, Name) = (source, processes, program, version,
            $"pg_dump {version} ({program})");

    public PostgresAddress Source { get; }

    /// <inheritdoc cref="IProcessRunner.Clock"/>
    public TimeProvider Clock => _processes.Clock;

    /// <summary>Its version and where it is.</summary>
    public string Name { get; }

    /// <summary>The program's version, not the source's.</summary>
    public Version Version { get; }

    /// <summary>Runs the pg_dump for this major version once for its version: a folder's name may be wrong, and after
    /// the freeze is too late to find out.</summary>
    /// <exception cref="FaultException">No pg_dump reads this version, or it does not start.</exception>
    public static async Task<PgDumpCall> FindAsync(
        PostgresAddress source, int serverMajor, PgTools tools, IProcessRunner processes, CancellationToken ct)
    {
        var newest = tools.Newest("pg_dump");
        var program = tools.OldestFor("pg_dump", serverMajor);
        var version = await VersionAsync(program ?? newest, processes, ct);
        if (program is null || version.Major < serverMajor)
            throw new FaultException(ExtractFaults.SourceNewer(serverMajor, $"{version} ({program ?? newest})"));
        return new(source, processes, program, version);
    }

    /// <summary>The same, if the source's version is not known.</summary>
    public static async Task<PgDumpCall> FindAsync(
        PostgresAddress source, PgTools tools, IProcessRunner processes, CancellationToken ct)
    {
        await using var session = await PostgresSession.OpenAsync(source, ct);
        return await FindAsync(source, session.ServerMajor, tools, processes, ct);
    }

    /// <summary>Starts pg_dump, which writes an archive in custom format to standard output.</summary>
    /// <param name="applicationName">In the server's list of sessions.</param>
    public IRunningProcess Start(
        IEnumerable<string> more, ExtractOptions options, string applicationName = PostgresAddress.ApplicationName) =>
        _processes.Start(new ProgramCall(_program,
            ["--format=custom", "--no-password", QuoteAll, LockWait, KeepAlive, .. Selected(options), .. more])
        {
            // Messages in English, for PgDumpFailure.
            Environment = new Dictionary<string, Secret?>(Source.ForLibpq())
            {
                ["PGAPPNAME"] = Secret.Plain(applicationName), ["LC_ALL"] = Secret.Plain("C"),
            },
        });

    // Milliseconds, for each LOCK statement.
    private string LockWait =>
        FormattableString.Invariant($"--lock-wait-timeout={Source.LockWaitMax.TotalMilliseconds:0}");

    /// <summary>The error lines of a pg_dump that failed; verbose output is mostly progress.</summary>
    public static string Said(IRunningProcess process)
    {
        var lines = process.ErrorTail.Split('\n');
        var said = lines.Where(line => line.Contains("error", StringComparison.Ordinal)
            || line.Contains("detail", StringComparison.Ordinal)).ToList();
        return string.Join('\n', (said.Count > 0 ? said : [.. lines]).TakeLast(FaultLinesMax));
    }

    private static IEnumerable<string> Selected(ExtractOptions options)
    {
        // Owners and grants name roles that Heroku does not have; its restore leaves them out anyway.
        if (!options.HasOwnersAndGrants)
            yield return "--no-owner";
        if (!options.HasOwnersAndGrants)
            yield return "--no-acl";
        if (!options.HasRows)
            yield return "--schema-only";
        foreach (var (option, patterns) in new[]
        {
            ("--schema", options.Schemas), ("--exclude-schema", options.ExcludeSchemas), ("--table", options.Tables),
            ("--exclude-table", options.ExcludeTables),
            ("--exclude-table-data", [.. options.ExcludeTableData, .. options.Cleaning?.Unreadable ?? []]),
        })
        {
            foreach (var pattern in patterns)
                yield return $"{option}={pattern}";
        }
    }

    private static async Task<Version> VersionAsync(string program, IProcessRunner processes, CancellationToken ct)
    {
        using var limit = new TimeLimit(VersionMax, processes.Clock, ct);
        try
        {
            var (code, said) = await AskVersionAsync(program, processes, limit.Token);
            // Ctrl-C reaches a program that has just been started and is not yet in a session of its own. Whether the
            // run is to stop is asked elsewhere.
            for (var again = 0; code == Interrupted && again < AskedAgainMax; again++)
                (code, said) = await AskVersionAsync(program, processes, limit.Token);
            return code == 0 && VersionNumber().Match(said) is { Success: true } found
                ? Version.Parse(found.Value.Contains('.', StringComparison.Ordinal) ? found.Value : found.Value + ".0")
                : throw new FaultException(
                    ExtractFaults.ProgramUnusable(program, $"it ended with code {code} and said: {said}".Trim()));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new FaultException(
                ExtractFaults.ProgramUnusable(program, $"no answer within {VersionMax.TotalSeconds:0} s"), e);
        }
    }

    private static async Task<(int Code, string Said)> AskVersionAsync(
        string program, IProcessRunner processes, CancellationToken ct)
    {
        await using var process = processes.Start(new ProgramCall(program, ["--version"]));
        using var reader = new StreamReader(process.Output);
        var said = await reader.ReadToEndAsync(ct);
        var code = await process.WaitAsync(ct);
        return (code, said + process.ErrorTail);
    }

    // "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", "pg_dump (PostgreSQL) 18beta1": a beta counts as its
    // release.
    [GeneratedRegex(@"(?<=\(PostgreSQL\) )[0-9]+(\.[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex VersionNumber();
}
