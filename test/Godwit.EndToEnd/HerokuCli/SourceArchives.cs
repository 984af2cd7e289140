using System.Globalization;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>Archives made by a real pg_dump from a real server that is not Heroku's, and a web server that serves
/// them.</summary>
public sealed class SourceArchives : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-source-").FullName;
    private ArchiveHost? _host;

    /// <summary>1000 birds, a view, an index, a sequence.</summary>
    public string Birds { get; private set; } = "";

    /// <summary>A materialized view that fills at once at the source, and takes ten minutes anywhere else: a restore
    /// that is caught alive.</summary>
    public string Endless { get; private set; } = "";

    /// <summary>The birds, and an extension: its comment is refused to anyone but the extension's owner, pg_restore
    /// goes on and counts one error.</summary>
    public string WithExtension { get; private set; } = "";

    /// <summary>An error page saved as a dump: what a wrong link delivers.</summary>
    public string NotAnArchive { get; private set; } = "";

    /// <summary>Answers 404, as an expired object does.</summary>
    public string Gone { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        var options = new LocalClusterOptions { Folder = Path.Combine(_folder, "pg"), Durable = false };
        await using var source = await LocalCluster.StartAsync(options,
            new ProcessRunner(TimeProvider.System), TimeProvider.System, ct);
        _host = await ArchiveHost.StartAsync(ct);
        Birds = _host.Serve("birds.dump", await DumpAsync(source, "birds", BirdsSql, ct));
        Endless = _host.Serve("endless.dump", await DumpAsync(source, "endless", EndlessSql, ct));
        WithExtension = _host.Serve("extension.dump",
            await DumpAsync(source, "extension", BirdsSql + ExtensionSql, ct));
        NotAnArchive = _host.Serve("error.dump", "<html><body>AccessDenied</body></html>"u8.ToArray());
        Gone = _host.AddressOf("gone.dump");
        await source.StopAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private const string BirdsSql = """
        CREATE TABLE bird (id serial PRIMARY KEY, name text NOT NULL, km int NOT NULL);
        INSERT INTO bird (name, km) SELECT 'godwit ' || i, 11000 + i FROM generate_series(1, 1000) i;
        CREATE INDEX bird_name ON bird (name);
        CREATE VIEW far AS SELECT * FROM bird WHERE km > 11900;
        """;

    private const string EndlessSql = """
        CREATE FUNCTION wait_elsewhere() RETURNS int LANGUAGE plpgsql AS
            'BEGIN IF current_database() <> ''endless'' THEN PERFORM pg_sleep(600); END IF; RETURN 1; END';
        CREATE TABLE landed AS SELECT 1 AS a;
        CREATE MATERIALIZED VIEW endless AS SELECT wait_elsewhere() AS a;
        """;

    private const string ExtensionSql = """
        CREATE EXTENSION pg_trgm;
        CREATE INDEX bird_like ON bird USING gin (name gin_trgm_ops);
        """;

    private static async Task<byte[]> DumpAsync(LocalCluster source, string database, string sql, CancellationToken ct)
    {
        await source.ExecuteAsync("postgres", $"CREATE DATABASE {database}", ct);
        await source.ExecuteAsync(database, sql, ct);
        var pgDump = new PgTools(Environment.GetEnvironmentVariable).OldestFor("pg_dump", source.Major)!;
        var at = new NpgsqlConnectionStringBuilder(source.SuperConnectionString(database).Reveal());
        await using var dump = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall(pgDump, ["-Fc", "--no-owner", "--no-acl"])
            {
                Environment = new Dictionary<string, Secret?>
                {
                    ["PGHOST"] = new(at.Host!),
                    ["PGPORT"] = new(at.Port.ToString(CultureInfo.InvariantCulture)),
                    ["PGUSER"] = new(at.Username!),
                    ["PGPASSWORD"] = new(at.Password!),
                    ["PGDATABASE"] = new(database),
                },
            });
        using var bytes = new MemoryStream();
        await dump.Output.CopyToAsync(bytes, ct);
        Assert.True(await dump.WaitAsync(ct) == 0, dump.ErrorTail);
        return bytes.ToArray();
    }
}
