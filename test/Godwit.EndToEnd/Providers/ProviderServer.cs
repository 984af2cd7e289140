using System.Text.RegularExpressions;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Providers;

/// <summary>A PostgreSQL of its own for databases as the providers leave them. Their extensions are not to be had, so
/// small ones of the same names and of the same kinds of members stand in; and their roles belong to the whole server,
/// so it is one provider's at a time.</summary>
public sealed partial class ProviderServer : IAsyncLifetime
{
    /// <summary>Not newer than heroku-local's, and a folder that extensions can be put into.</summary>
    private const string Major = "13";

    private readonly string _folder = TestRun.NewFolder();
    private LocalCluster? _server;

    public LocalCluster Server => _server ?? throw new InvalidOperationException("not started");

    private static string Scripts { get; } = Path.Combine(OtherServers.RepositoryRoot(), "test",
        "Godwit.EndToEnd", "Providers");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What every user has.</summary>
    public static string Shop { get; } = File.ReadAllText(Path.Combine(Scripts, "Databases", "shop.sql"));

    public async ValueTask InitializeAsync()
    {
        var program = Path.Combine(_folder, "postgresql");
        CopyFolder(Path.Combine(OtherServers.RepositoryRoot(), ".tools", "postgresql", Major), program);
        foreach (var script in Directory.EnumerateFiles(Path.Combine(Scripts, "Extensions")))
            AddExtension(Path.Combine(program, "share", "postgresql", "extension"), script);
        _server = await LocalCluster.StartAsync(
            new LocalClusterOptions
            {
                Folder = Path.Combine(_folder, "server"), BinFolder = Path.Combine(program, "bin"), Durable = false,
            },
            new ProcessRunner(TimeProvider.System), TimeProvider.System, Ct);
    }

    /// <summary>Adds to a database of an ordinary owner what a provider adds to its server and to it.</summary>
    public async Task BecomeAsync(string provider, string database, string owner)
    {
        var parts = Connect().Split((await File.ReadAllTextAsync(Path.Combine(Scripts, "Databases", provider + ".sql"),
            Ct)).Replace(":owner", owner, StringComparison.Ordinal));
        // Each statement for itself: CREATE DATABASE runs in no transaction.
        foreach (var statement in
            parts[0].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            await Server.ExecuteAsync("postgres", statement, Ct);
        await Server.ExecuteAsync(database, parts[1], Ct);
    }

    /// <summary>Nobody's server again.</summary>
    public async Task ClearAsync()
    {
        foreach (var database in await NamesAsync("postgres",
            "SELECT datname::text FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"))
        {
            // A journey leaves it frozen. A subscription holds its database; it never got a slot elsewhere.
            await Server.ExecuteAsync("postgres", $"ALTER DATABASE {database} RESET default_transaction_read_only",
                CancellationToken.None);
            foreach (var subscription in await NamesAsync(database, "SELECT subname::text FROM pg_subscription "
                + "WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                await Server.ExecuteAsync(database,
                    $"ALTER SUBSCRIPTION {subscription} SET (slot_name = NONE); DROP SUBSCRIPTION {subscription}",
                    CancellationToken.None);
            await Server.ExecuteAsync("postgres", $"DROP DATABASE {database} WITH (FORCE)", CancellationToken.None);
        }

        foreach (var role in await NamesAsync("postgres",
            "SELECT rolname::text FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'"))
            await Server.ExecuteAsync("postgres", $"DROP ROLE {role}", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string database, string sql) =>
        await Server.ScalarAsync<string[]>(database, $"SELECT coalesce(array_agg(name), '{{}}') FROM ({sql}) s (name)",
            CancellationToken.None) ?? [];

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>The comments at the head of the script that look like settings are those of the control file.</summary>
    private static void AddExtension(string folder, string script)
    {
        var name = Path.GetFileNameWithoutExtension(script);
        var lines = ControlLine().Matches(File.ReadAllText(script))
            .Select(line => $"{line.Groups[1].Value} = '{line.Groups[2].Value}'");
        File.WriteAllLines(Path.Combine(folder, name + ".control"),
            ["default_version = '1.0'", "relocatable = false", .. lines]);
        File.Copy(script, Path.Combine(folder, name + "--1.0.sql"));
    }

    [GeneratedRegex("^-- (schema|requires) = (.+)$", RegexOptions.Multiline)]
    private static partial Regex ControlLine();

    [GeneratedRegex(@"^\\connect$", RegexOptions.Multiline)]
    private static partial Regex Connect();
}
