using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

/// <summary>Stock <c>pg_dump -Fc</c>.</summary>
public sealed class PgDumpEngine : IDumpEngine
{
    private const string TablePrefix = "dumping contents of table \"";

    private readonly PostgresAddress _source;
    private readonly IProcessRunner _processes;
    private readonly string _program;

    /// <exception cref="FaultException">No pg_dump, or none that reads a server of this major.</exception>
    public PgDumpEngine(PostgresAddress source, int serverMajor, PgTools tools, IProcessRunner processes)
    {
        _source = source;
        _processes = processes;
        var newest = tools.Newest("pg_dump");
        _program = tools.OldestFor("pg_dump", serverMajor) ?? throw new FaultException(DumpFaults.SourceNewer(serverMajor, newest));
        Name = $"pg_dump for PostgreSQL {serverMajor.ToString(CultureInfo.InvariantCulture)} ({_program})";
    }

    public string Name { get; }

    public Stream Open(Action<string> tableStarted)
    {
        // Owners and grants name roles that Heroku does not have; its restore leaves them out anyway.
        var process = _processes.Start(new ProgramCall(_program, ["--format=custom", "--no-owner", "--no-acl", "--verbose", "--no-password"])
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
}
