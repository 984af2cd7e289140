using System.Collections.Concurrent;
using System.Security.Cryptography;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.EndToEnd.Verify;

/// <summary>A source and its copy on two servers, each a database of an ordinary role, and the real binary.</summary>
internal sealed class VerifyRig : IAsyncDisposable
{
    /// <summary>Gives the same on every server, including the large objects' numbers.</summary>
    public const string Script = """
        CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
            email text UNIQUE, balance numeric, upper_name text GENERATED ALWAYS AS (upper(name)) STORED);
        INSERT INTO customers (name, email, balance) SELECT 'c' || i, i || '@example.org', i
            FROM generate_series(1, 300) i;
        CREATE TABLE orders (id integer PRIMARY KEY, customer bigint NOT NULL REFERENCES customers, at timestamptz,
            amount float8, note text);
        INSERT INTO orders SELECT i, (i % 300) + 1, timestamptz '2026-01-01 00:00+00' + i * interval '1 s', i / 3.0,
            E'it''s \\ ' || i FROM generate_series(1, 2000) i;
        CREATE TABLE log (msg text, said char(5));
        INSERT INTO log SELECT 'm' || (i % 10), 'a' FROM generate_series(1, 100) i;
        CREATE TABLE tree (id integer PRIMARY KEY, parent integer REFERENCES tree);
        INSERT INTO tree SELECT i, nullif(i - 1, 0) FROM generate_series(1, 50) i;
        CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN NEW.note := NEW.note || ''!''; RETURN NEW; END';
        CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION shout();
        CREATE SEQUENCE numbers; SELECT setval('numbers', 70);
        SELECT lo_from_bytea(7001, '\x0102'); SELECT lo_from_bytea(7002, convert_to(repeat('abc', 800000), 'UTF8'));
        SELECT lo_from_bytea(7003, '');
        """;

    private readonly string _folder = TestRun.NewFolder();
    private readonly Secret _password = new(GodwitRig.SecretMark
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
    private readonly List<GodwitProcess> _started = [];
    private readonly ConcurrentQueue<GodwitEnd> _ends = [];
    private int _commands;

    private VerifyRig(LocalCluster source, LocalCluster target) => (Source, Target) = (source, target);

    public LocalCluster Source { get; }

    public LocalCluster Target { get; }

    /// <summary>The name of both databases, and of their owner.</summary>
    public string Name { get; } = "verify_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<VerifyRig> CreateAsync(LocalCluster source, LocalCluster target)
    {
        var rig = await CreateAsync(source, target, Script);
        await rig.AtTargetAsync(Script);
        return rig;
    }

    /// <summary>Creates the rig with an empty target.</summary>
    public static async Task<VerifyRig> CreateAsync(LocalCluster source, LocalCluster target, string script)
    {
        var rig = new VerifyRig(source, target);
        await OtherServers.AddDatabaseAsync(source, rig.Name, rig._password);
        await OtherServers.AddDatabaseAsync(target, rig.Name, rig._password);
        await rig.AtSourceAsync($"ALTER SCHEMA public OWNER TO {rig.Name}", asOwner: false);
        await rig.AtTargetAsync($"ALTER SCHEMA public OWNER TO {rig.Name}", asOwner: false);
        await rig.AtSourceAsync(script);
        return rig;
    }

    public Task AtSourceAsync(string sql, bool asOwner = true) => RunAsync(Source, sql, asOwner);

    public Task AtTargetAsync(string sql, bool asOwner = true) => RunAsync(Target, sql, asOwner);

    public Task<T> AskTargetAsync<T>(string sql) => AskAsync<T>(Target, sql);

    public Task<GodwitEnd> VerifyAsync(params IReadOnlyList<string> more) =>
        RunAsync(["verify", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);

    /// <summary>Runs a command to its end.</summary>
    /// <param name="more">Variables that add to the rig's or replace them.</param>
    public async Task<GodwitEnd> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, Secret?>? more = null)
    {
        var environment = Variables(more);
        if (!CalledGodwit.Fits(arguments, environment))
            return await Start(arguments, more).EndAsync();
        var end = await CalledGodwit.RunAsync(arguments, environment, NewErrorFile());
        _ends.Enqueue(end);
        return end;
    }

    /// <summary>Starts a command as a process, for tests that watch, interrupt or kill it.</summary>
    /// <param name="more">Variables that add to the rig's or replace them.</param>
    public GodwitProcess Start(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, Secret?>? more = null)
    {
        var process = new GodwitProcess(arguments, Variables(more), NewErrorFile());
        _started.Add(process);
        return process;
    }

    public (PostgresAddress Source, PostgresAddress Target) Addresses =>
        (PostgresUrl.Parse(Source.Url(Name, Name, _password).Reveal(), "The rig's source"),
            PostgresUrl.Parse(Target.Url(Name, Name, _password).Reveal(), "The rig's target"));

    /// <summary>The rig's database on another server that has one.</summary>
    public Secret UrlAt(LocalCluster server) => server.Url(Name, Name, _password);

    public string Folder => _folder;

    /// <summary>A path in the rig's own folder.</summary>
    public string NewFile(string name) => Path.Combine(_folder, name);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            // No output and no file may contain a secret.
            Assert.DoesNotContain(GodwitRig.SecretMark, (await process.EndAsync()).Everything,
                StringComparison.Ordinal);
            await process.DisposeAsync();
        }

        Assert.All(_ends, end => Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(GodwitRig.SecretMark, await File.ReadAllTextAsync(file, CancellationToken.None),
                StringComparison.Ordinal);
        foreach (var server in new[] { Source, Target })
        {
            await server.ExecuteAsync("postgres", $"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
            await server.ExecuteAsync("postgres", $"DROP ROLE {Name}", CancellationToken.None);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, Secret?> Variables(IReadOnlyDictionary<string, Secret?>? more)
    {
        var variables = new Dictionary<string, Secret?>
        {
            ["HOME"] = new(_folder),
            ["GODWIT_HOME"] = new(Path.Combine(_folder, "home")),
            ["TERM"] = new("dumb"),
            ["SOURCE_URL"] = Source.Url(Name, Name, _password),
            ["TARGET_URL"] = Target.Url(Name, Name, _password),
            ["PGPASSWORD"] = null,
            ["PGPASSFILE"] = null,
        };
        foreach (var (name, value) in more ?? new Dictionary<string, Secret?>())
            variables[name] = value;
        return variables;
    }

    private string NewErrorFile() => Path.Combine(_folder, $"stderr-{Interlocked.Increment(ref _commands)}");

    private async Task RunAsync(LocalCluster server, string sql, bool asOwner)
    {
        if (!asOwner)
        {
            await server.ExecuteAsync(Name, sql, Ct);
            return;
        }

        await using var connection = new NpgsqlConnection(server.ConnectionString(Name, Name, _password).Reveal());
        await connection.OpenAsync(Ct);
        // Large tables on a slow disk take longer than the driver's 30 s.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<T> AskAsync<T>(LocalCluster server, string sql)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(Name, Name, _password).Reveal());
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }
}
