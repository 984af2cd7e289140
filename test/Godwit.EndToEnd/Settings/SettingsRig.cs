using System.Security.Cryptography;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Settings;

/// <summary>A source and a target on two servers, each a database of an ordinary role, and the real binary between
/// them.</summary>
internal sealed class SettingsRig : IAsyncDisposable
{
    private readonly string _folder = TestRun.NewFolder();
    private readonly Secret _password = new(GodwitRig.SecretMark
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
    private int _commands;

    private SettingsRig(LocalCluster source, LocalCluster target) => (Source, Target) = (source, target);

    public LocalCluster Source { get; }

    public LocalCluster Target { get; }

    /// <summary>Of both databases and of the role that owns the source.</summary>
    public string Name { get; } = "settings_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));

    /// <summary>Of the role that owns the target.</summary>
    public string Owner => Name + "_owner";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SettingsRig> CreateAsync(LocalCluster source, LocalCluster target)
    {
        var rig = new SettingsRig(source, target);
        await CreateAsync(source, rig.Name, rig.Name, rig._password);
        await CreateAsync(target, rig.Name, rig.Owner, rig._password);
        return rig;
    }

    /// <summary>As the superuser.</summary>
    public Task AtSourceAsync(string sql) => Source.ExecuteAsync(Name, sql, Ct);

    public Task AtTargetAsync(string sql) => Target.ExecuteAsync(Name, sql, Ct);

    /// <summary>What a new session of the target's owner finds; null: nothing of that name.</summary>
    public async Task<string?> ShowAsync(string setting)
    {
        await using var session = await PostgresSession.OpenAsync(
            PostgresUrl.Parse(Target.Url(Name, Owner, _password).Reveal(), "The rig's URL"), Ct);
        await session.ExecuteAsync("RESET ALL", Ct);
        return await session.ScalarAsync<string>("SELECT pg_catalog.current_setting($1, true)", Ct, setting);
    }

    public Task<GodwitEnd> RunAsync(params IReadOnlyList<string> more) =>
        RunPlainAsync(["settings", "--from", "env:SOURCE_URL", "--to", "env:TARGET_URL", .. more]);

    public async Task<GodwitEnd> RunPlainAsync(IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, Secret?>
        {
            ["HOME"] = new(_folder),
            ["GODWIT_HOME"] = new(Path.Combine(_folder, "home")),
            ["TERM"] = new("dumb"),
            ["SOURCE_URL"] = Source.Url(Name, Name, _password),
            ["TARGET_URL"] = Target.Url(Name, Owner, _password),
            ["PGPASSWORD"] = null,
            ["PGPASSFILE"] = null,
        };
        var end = await CalledGodwit.RunAsync(arguments, environment, Path.Combine(_folder, $"stderr-{++_commands}"));
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal);
        return end;
    }

    /// <summary>A path in a folder of its own.</summary>
    public string NewFile(string name) => Path.Combine(_folder, name);

    public async ValueTask DisposeAsync()
    {
        await DropAsync(Source, Name);
        await DropAsync(Target, Owner);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task CreateAsync(LocalCluster server, string database, string owner, Secret password)
    {
        await server.ExecuteAsync("postgres", $"CREATE ROLE {owner} LOGIN PASSWORD '{password.Reveal()}'", Ct);
        await server.ExecuteAsync("postgres", $"CREATE DATABASE {database} OWNER {owner}", Ct);
    }

    private async Task DropAsync(LocalCluster server, string owner)
    {
        await server.ExecuteAsync("postgres", $"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
        await server.ExecuteAsync("postgres", $"DROP ROLE {owner}", CancellationToken.None);
    }
}
