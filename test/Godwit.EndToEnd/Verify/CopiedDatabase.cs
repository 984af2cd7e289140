using Godwit.EndToEnd.Dump;
using Godwit.EndToEnd.Migration;
using Godwit.Faults;
using Godwit.HerokuLocal;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Verify;

/// <summary>A database and its copy on a server of another major. Stock pg_dump and pg_restore make the copy. A role
/// that owns nothing reads both.</summary>
internal sealed class CopiedDatabase(
    LocalCluster source, LocalCluster target, string sourceName, string targetName, string role)
{
    private static readonly Secret Password = new("s3cr3t");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public PostgresAddress Source { get; } = PostgresUrl.Parse(source.Url(sourceName, role, Password).Reveal(),
        "the test's source");

    public PostgresAddress Target { get; } = PostgresUrl.Parse(target.Url(targetName, role, Password).Reveal(),
        "the test's target");

    public Task ExecuteAtSourceAsync(string sql) => source.ExecuteAsync(sourceName, sql, Ct);

    public Task ExecuteAtTargetAsync(string sql) => target.ExecuteAsync(targetName, sql, Ct);

    /// <summary>A connection of the server's owner.</summary>
    public Task<Npgsql.NpgsqlConnection> OpenSourceAsync() => source.OpenAsync(sourceName, Ct);

    /// <summary>For tables that were created at the target since.</summary>
    public Task GrantAtTargetAsync() => ExecuteAtTargetAsync($"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}");

    /// <summary>Grants on both sides.</summary>
    public async Task GrantAsync()
    {
        await ExecuteAtSourceAsync($"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}");
        await GrantAtTargetAsync();
    }

    public static Task<CopiedDatabase> MakeAsync(OtherServers servers, int from, int to, params string[] script) =>
        MakeInAsync(servers, from, to, "UTF8", "UTF8", script);

    /// <param name="encoding">The source's encoding.</param>
    /// <param name="encodingThere">The copy's encoding.</param>
    public static async Task<CopiedDatabase> MakeInAsync(
        OtherServers servers, int from, int to, string encoding, string encodingThere, params string[] script)
    {
        var unique = Guid.NewGuid().ToString("N")[..10];
        var (source, target) = (await servers.OfMajorAsync(from), await servers.OfMajorAsync(to));
        var role = $"reader_{unique}";
        foreach (var server in new[] { source, target }.Distinct())
            await server.ExecuteAsync("postgres", $"CREATE ROLE {role} LOGIN PASSWORD '{Password.Reveal()}'", Ct);
        var copy = new CopiedDatabase(source, target, $"from_{unique}", $"to_{unique}", role);
        await source.ExecuteAsync("postgres",
            $"CREATE DATABASE from_{unique} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'", Ct);
        await target.ExecuteAsync("postgres",
            $"CREATE DATABASE to_{unique} TEMPLATE template0 ENCODING '{encodingThere}' LC_COLLATE 'C' LC_CTYPE 'C'",
            Ct);
        foreach (var sql in script)
            await copy.ExecuteAtSourceAsync(sql);
        await copy.ExecuteAtSourceAsync($"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}");
        // 15's programs for a copy on 15: 17's set parameters that 15 does not know. 17's programs also work with 18.
        var client = ZooServers.ClientMajor(Math.Max(from, to));
        var archive = Path.Combine(Path.GetTempPath(), $"godwit-copied-{unique}.dump");
        try
        {
            await PgProgram.RunAsync(client, "pg_dump", ["--format=custom", "--compress=0", $"--file={archive}"],
                source, $"from_{unique}", asIs: true);
            await Archives.MendAsync(archive);
            await PgProgram.RunAsync(client, "pg_restore", ["--dbname", $"to_{unique}", archive], target,
                $"to_{unique}", asIs: true);
        }
        finally
        {
            File.Delete(archive);
        }

        return copy;
    }
}
