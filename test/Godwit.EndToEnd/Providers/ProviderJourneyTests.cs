using System.Text.Json.Nodes;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Providers;

/// <summary>A database as each of nine providers leaves it goes to Heroku. As pg_dump dumps it, the restore warns; as
/// Godwit does, it has nothing to say.</summary>
public sealed class ProviderJourneyTests(ProviderServer provider, JourneyServers servers)
    : IClassFixture<ProviderServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("aws-rds", "CREATE EXTENSION IF NOT EXISTS \"pg_cron\"", "rds_superuser=CURRENT_USER")]
    [InlineData("cloud-sql", "CREATE EXTENSION IF NOT EXISTS \"google_ml_integration\"",
        "cloudsqlsuperuser=CURRENT_USER", "OWNER=CURRENT_USER")]
    [InlineData("azure-flexible", "CREATE EXTENSION IF NOT EXISTS \"pgaadauth\"", "azure_pg_admin=CURRENT_USER")]
    [InlineData("linode", "CREATE EXTENSION IF NOT EXISTS \"aiven_extras\"")]
    [InlineData("upcloud", "CREATE EXTENSION IF NOT EXISTS \"pg_cron\"")]
    [InlineData("render", "CREATE PUBLICATION \"everything\" FOR ALL TABLES")]
    [InlineData("digitalocean", "CREATE EXTENSION IF NOT EXISTS \"pg_stat_monitor\"")]
    [InlineData("vultr", "CREATE EXTENSION IF NOT EXISTS \"pgaudit\"", "vultradmin=CURRENT_USER")]
    [InlineData("aiven", "CREATE EXTENSION IF NOT EXISTS \"rum\"", "avnadmin=CURRENT_USER")]
    public async Task A_stock_dump_of_a_provider_s_database_warns_and_Godwit_s_does_not(
        string name, string leftOut, params string[] mapped)
    {
        await using var rig = await GodwitRig.CreateAsync(servers, source: provider.Server,
            script: ProviderServer.Shop);
        try
        {
            await provider.BecomeAsync(name, rig.Database, rig.Database);
            string[] map = [.. mapped.SelectMany(one =>
                new[] { "--map-role", one.Replace("OWNER", rig.Database, StringComparison.Ordinal) })];

            Assert.Equal(name == "render" ? "unknown" : name, await RecognitionTests.FindAsync(rig.SourceUrl));
            await rig.AddDatabaseAsync("DATABASE");

            // pg_dump reads what extensions call configuration, and stops where it may not; Godwit does not read what
            // it leaves out.
            await rig.Source.ExecuteAsync(rig.Database, $"ALTER ROLE {rig.Database} BYPASSRLS", Ct);
            await rig.Source.ExecuteAsync(rig.Database, Sequences("GRANT SELECT", "TO", rig.Database), Ct);
            var stock = await rig.RunAsync([.. rig.Migrate, "--no-clean", "--accept", "load.extensions_refused",
                "--accept", "assess.policy_role_lost"]);
            await rig.Source.ExecuteAsync(rig.Database, $"ALTER ROLE {rig.Database} NOBYPASSRLS", Ct);
            await rig.Source.ExecuteAsync(rig.Database, Sequences("REVOKE SELECT", "FROM", rig.Database), Ct);

            stock.Expect(3).Says("load.restore_warnings");
            var warnings = await WarningsAsync(rig);
            Assert.True(warnings > 0, stock.Everything);
            await rig.AssertEverythingIsAsBeforeAsync();

            var clean = await rig.RunAsync([.. rig.Migrate, "--confirm", rig.App, .. map]);

            clean.Expect(0);
            Assert.Equal(0, await WarningsAsync(rig));
            Assert.Contains(leftOut, await File.ReadAllTextAsync(Path.Combine(rig.RunFolders[0], "left-out.sql"), Ct),
                StringComparison.Ordinal);
            await rig.AssertProvenAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {warnings} warnings of a stock dump");
        }
        finally
        {
            await provider.ClearAsync();
        }
    }

    private static string Sequences(string grant, string to, string role) => $"""
        DO $$ DECLARE s text; BEGIN
        FOR s IN SELECT c.relation::regclass::text
            FROM pg_extension e, unnest(e.extconfig) c (relation)
            JOIN pg_class r ON r.oid = c.relation AND r.relkind = 'S' LOOP
        EXECUTE '{grant} ON SEQUENCE ' || s || ' {to} {role}'; END LOOP; END $$
        """;

    /// <summary>Of the app's last restore.</summary>
    private static async Task<int> WarningsAsync(GodwitRig rig)
    {
        var app = (await rig.GetAsync($"/apps/{rig.App}"))["id"]!.GetValue<string>();
        var transfers = (await rig.GetAsync($"/client/v11/apps/{app}/transfers")).AsArray();
        return transfers.OfType<JsonNode>()
            .MaxBy(one => one["created_at"]!.GetValue<string>(), StringComparer.Ordinal)!["warnings"]!.GetValue<int>();
    }
}
