using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Cutover;

/// <summary>PostgreSQL's own load, writing into a ledger. It counts what the server has acknowledged to it.</summary>
internal sealed partial class PgBench : IAsyncDisposable
{
    /// <summary>Each entry by itself.</summary>
    public const string Autocommit = "INSERT INTO ledger (writer) VALUES ('quick');\n\\sleep 5 ms\n";

    /// <summary>Two entries and time between them, so that most of the time one is open.</summary>
    public const string Long = "BEGIN;\nINSERT INTO ledger (writer) VALUES ('slow');\n\\sleep 300 ms\n"
        + "INSERT INTO ledger (writer) VALUES ('slow');\nCOMMIT;\n";

    /// <summary>More than any test takes; it is ended by the freeze, or with the test.</summary>
    private const int SecondsMax = 240;

    private readonly IRunningProcess _process;
    private readonly Task<string> _output;

    private PgBench(IRunningProcess process)
    {
        _process = process;
        _output = ReadAsync();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static string Ledger =>
        "CREATE TABLE ledger (entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, writer text NOT NULL)";

    /// <param name="script">What each of the clients does again and again.</param>
    public static async Task<PgBench> StartAsync(GodwitRig rig, string script, int clients)
    {
        var file = Path.Combine(rig.Folder, $"{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, script, Ct);
        var url = new Uri(rig.SourceUrl.Reveal());
        var environment = new Dictionary<string, Secret?>
        {
            ["PGHOST"] = new(url.Host),
            ["PGPORT"] = new(url.Port.ToString(CultureInfo.InvariantCulture)),
            ["PGUSER"] = new(rig.Database),
            ["PGPASSWORD"] = rig.SourcePassword,
            ["PGDATABASE"] = new(rig.Database),
        };
        var program = new PgTools(Environment.GetEnvironmentVariable).Newest("pgbench");
        return new(new ProcessRunner(TimeProvider.System).Start(new ProgramCall(program,
            ["--no-vacuum", "--client", clients.ToString(CultureInfo.InvariantCulture),
                "--time", SecondsMax.ToString(CultureInfo.InvariantCulture), "--file", file])
        { Environment = environment }));
    }

    /// <summary>When the server has ended its last session.</summary>
    /// <returns>Transactions that it was told are committed.</returns>
    public async Task<int> AcknowledgedAsync()
    {
        var said = await _output;
        await _process.WaitAsync(Ct);
        var match = Processed().Match(said);
        Assert.True(match.Success, $"{said}\n{_process.ErrorTail}");
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"number of transactions actually processed: (\d+)")]
    private static partial Regex Processed();

    private async Task<string> ReadAsync()
    {
        using var reader = new StreamReader(_process.Output, Encoding.UTF8);
        return await reader.ReadToEndAsync(Ct);
    }
}
