using System.Text.RegularExpressions;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Stock <c>pg_dump -Fc</c>.</summary>
public sealed partial class PgDumpEngine : IDumpEngine
{
    /// <summary>It answers at once; one that does not is on a dead file server or no pg_dump.</summary>
    private static readonly TimeSpan VersionMax = TimeSpan.FromSeconds(20);

    private const string TablePrefix = "dumping contents of table \"";

    /// <summary>In milliseconds. Somebody's ALTER TABLE, or a forgotten prepared transaction, must not hold the dump for ever.</summary>
    private const string LockWait = "--lock-wait-timeout=60000";

    private readonly PostgresAddress _source;
    private readonly IProcessRunner _processes;
    private readonly string _program;

    private PgDumpEngine(PostgresAddress source, IProcessRunner processes, string program, string name) =>
        (_source, _processes, _program, Name) = (source, processes, program, name);

    /// <summary>The one that reads a server of this major. It is started once to ask for its version: a folder's name may promise
    /// what the program in it does not keep, and after the freeze would be a bad time to learn it.</summary>
    /// <exception cref="FaultException">No pg_dump, or none that reads such a server, or one that does not start.</exception>
    public static async Task<PgDumpEngine> FindAsync(PostgresAddress source, int serverMajor, PgTools tools, IProcessRunner processes, CancellationToken ct)
    {
        var newest = tools.Newest("pg_dump");
        var program = tools.OldestFor("pg_dump", serverMajor);
        var version = await VersionAsync(program ?? newest, processes, ct);
        if (program is null || version.Major < serverMajor)
            throw new FaultException(DumpFaults.SourceNewer(serverMajor, $"{version} ({program ?? newest})"));
        return new(source, processes, program, $"pg_dump {version} ({program})");
    }

    public string Name { get; }

    public Stream Open(Action<string> tableStarted)
    {
        // Owners and grants name roles that Heroku does not have; its restore leaves them out anyway.
        var process = _processes.Start(new ProgramCall(_program, ["--format=custom", "--no-owner", "--no-acl", "--verbose", "--no-password", LockWait])
        {
            Environment = _source.ForLibpq(),
        });
        process.OnErrorLine = line =>
        {
            var start = line.IndexOf(TablePrefix, StringComparison.Ordinal);
            if (start >= 0 && line.EndsWith('"'))
                tableStarted(line[(start + TablePrefix.Length)..^1]);
        };
        return new DumpOutput(process, _source);
    }

    private static async Task<Version> VersionAsync(string program, IProcessRunner processes, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(VersionMax);
        try
        {
            await using var process = processes.Start(new ProgramCall(program, ["--version"]));
            using var reader = new StreamReader(process.Output);
            var said = await reader.ReadToEndAsync(limit.Token);
            var code = await process.WaitAsync(limit.Token);
            return code == 0 && VersionNumber().Match(said) is { Success: true } found
                ? Version.Parse(found.Value.Contains('.', StringComparison.Ordinal) ? found.Value : found.Value + ".0")
                : throw new FaultException(DumpFaults.ProgramUnusable(program, $"it ended with code {code} and said: {said}{process.ErrorTail}".Trim()));
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new FaultException(DumpFaults.ProgramUnusable(program, $"no answer within {VersionMax.TotalSeconds:0} s"), e);
        }
    }

    // "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", "pg_dump (PostgreSQL) 18beta1": a beta counts as its release.
    [GeneratedRegex(@"(?<=\(PostgreSQL\) )[0-9]+(\.[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex VersionNumber();
}
