using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Tests.Providers;

/// <summary>Who runs a server, as far as its address and what it shows tell. The real-server half is in the end-to-end
/// tests.</summary>
public sealed class RecognitionTests
{
    [Theory]
    [InlineData("jappja-pg1.chfhzaircbpb.eu-west-1.rds.amazonaws.com", "aws-rds")]
    [InlineData("shop.cluster-czrs8kj4isg7.us-east-1.rds.amazonaws.com", "aws-rds")]
    [InlineData("shop.abc123.cn-north-1.rds.amazonaws.com.cn", "aws-rds")]
    [InlineData("SHOP.ABC123.EU-WEST-1.RDS.AMAZONAWS.COM", "aws-rds")]
    [InlineData("shop.abc123.eu-west-1.rds.amazonaws.com.", "aws-rds")]
    [InlineData("shop.abc123.eu-west-1.rds.amazonaws.com.example.org", null)]
    [InlineData("rds.amazonaws.com", null)]
    [InlineData("ec2-3-1-2-3.compute-1.amazonaws.com", null)]
    [InlineData("a1b2.c3d4.europe-west1.global.sql-psa.goog.", "cloud-sql")]
    [InlineData("a1b2.c3d4.europe-west1.sql.goog", "cloud-sql")]
    [InlineData("sql.goog.example.com", null)]
    [InlineData("34.78.1.2", null)]
    [InlineData("shop.postgres.database.azure.com", "azure-flexible")]
    [InlineData("shop.private.postgres.database.azure.com", "azure-flexible")]
    [InlineData("shop.mysql.database.azure.com", null)]
    [InlineData("shop.postgres.database.azure.com.cn", null)]
    [InlineData("pg-shop-acme.aivencloud.com", "aiven")]
    [InlineData("public-pg-shop-acme.avns.net", "aiven")]
    [InlineData("aivencloud.com.example.org", null)]
    [InlineData("a12345-akamai-prod-678-default.g2a.akamaidb.net", "linode")]
    [InlineData("lin-1234-5678-pgsql-primary.servers.linodedb.net", "linode")]
    [InlineData("lin-1234-5678-pgsql-primary-private.servers.linodedb.net", "linode")]
    [InlineData("www.akamai.net", null)]
    [InlineData("public-shop-abcd1234.db.upclouddatabases.com", "upcloud")]
    [InlineData("upclouddatabases.com", null)]
    [InlineData("db-postgresql-fra1-12345-do-user-678-0.c.db.ondigitalocean.com", "digitalocean")]
    [InlineData("app.ondigitalocean.app", null)]
    [InlineData("vultr-prod-0a1b-vultr-prod-c2d3.vultrdb.com", "vultr")]
    [InlineData("vultrdb.com.evil.example", null)]
    [InlineData("dpg-ch1abcdefghijklmnopq-a.frankfurt-postgres.render.com", "render")]
    [InlineData("dpg-ch1abcdefghijklmnopq-a", "render")]
    [InlineData("dpg-shop.example.org", null)]
    [InlineData("postgres.render.com", null)]
    [InlineData("localhost", null)]
    public void A_host_tells_its_provider(string host, string? provider) =>
        Assert.Equal(provider, ProviderRecognition.OfAddress(At(host))?.Name);

    [Theory]
    [InlineData("u63okaju130hj", "dfgsdg5v6vqapb", "c1abc.cluster-czrs8kj4isg7.us-east-1.rds.amazonaws.com", "heroku")]
    [InlineData("u63okaju130hj", "dfgsdg5v6vqapb", "ec2-3-1-2-3.compute-1.amazonaws.com", "heroku")]
    [InlineData("u63okaju130hj", "dfgsdg5v6vqapb", "127.0.0.1", "heroku")]
    [InlineData("u63okaju130hj", "dfgsdg5v6vqapb", "dpg-ch1abcdefghijklmnopq-a", "render")]
    [InlineData("u63okaju130hj", "shop", "c1abc.cluster-czrs8kj4isg7.us-east-1.rds.amazonaws.com", "aws-rds")]
    [InlineData("shop", "dfgsdg5v6vqapb", "c1abc.cluster-czrs8kj4isg7.us-east-1.rds.amazonaws.com", "aws-rds")]
    [InlineData("unittestuser", "developmentdb", "c1abc.czrs8kj4isg7.us-east-1.rds.amazonaws.com", "aws-rds")]
    [InlineData("unittestuser", "developmentdb", "127.0.0.1", null)]
    public void A_Heroku_database_is_told_by_the_names_Heroku_gives(
        string user, string database, string host, string? provider) =>
        Assert.Equal(provider, ProviderRecognition.OfAddress(At(host) with { User = user, Database = database })?.Name);

    [Theory]
    [InlineData("role rdsadmin, role rds_superuser, setting rds", "aws-rds")]
    [InlineData("setting rds, setting auto_explain", "aws-rds")]
    [InlineData("setting cloudsql", "cloud-sql")]
    [InlineData("role cloudsqlsuperuser", "cloud-sql")]
    [InlineData("setting azure", "azure-flexible")]
    [InlineData("extension pgaadauth, extension hstore", "azure-flexible")]
    [InlineData("database _aiven", "aiven")]
    [InlineData("extension aiven_extras", "aiven")]
    [InlineData("extension aiven_extras, role akmadmin", "linode")]
    [InlineData("extension aiven_extras, role upadmin, setting aiven", "upcloud")]
    [InlineData("role doadmin, database _dodb", "digitalocean")]
    [InlineData("role vultradmin, extension aiven_extras", "vultr")]
    [InlineData("role rdsadmin, role rds_superuser, role avnadmin", "aws-rds")]
    [InlineData("extension hstore, setting pg_stat_statements, role postgres, setting extwlist", null)]
    public void What_a_server_shows_tells_its_provider(string traces, string? provider) =>
        Assert.Equal(provider, ProviderRecognition.OfTraces(
            traces.Split(", ").Select(trace => (trace.Split(' ')[0], trace.Split(' ')[1])).ToHashSet())?.Name);

    private static PostgresAddress At(string host) => new() { Host = host, Database = "shop", User = "shop" };
}
