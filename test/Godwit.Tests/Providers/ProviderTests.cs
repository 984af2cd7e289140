using System.Reflection;
using System.Text.RegularExpressions;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Tests.Providers;

/// <summary>What is known of each provider, by example.</summary>
public sealed partial class ProviderTests
{
    public static TheoryData<string> Names => [.. KnownProviders.All.Select(one => one.Name)];

    [Fact]
    public void Every_provider_of_the_room_is_in_the_list_once()
    {
        var there = typeof(Provider).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Provider).Namespace && type.IsAbstract && type.IsSealed)
            .Select(type => type.GetProperty("Provider", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<Provider>().ToList();

        Assert.Equal(10, there.Count);
        Assert.Equal(there.Select(one => one.Name).Order(), KnownProviders.All.Select(one => one.Name).Order());
    }

    [Fact]
    public void Names_are_stable_words_and_titles_differ()
    {
        Assert.All(KnownProviders.All, one => Assert.Matches("^[a-z]+(-[a-z]+)*$", one.Name));
        Assert.Distinct(KnownProviders.All.Append(KnownProviders.Unknown).Select(one => one.Title));
    }

    /// <summary>A role that two providers create would not tell them apart, and an extension that others have too must
    /// not be dropped for one.</summary>
    [Fact]
    public void No_role_belongs_to_two_providers_and_no_common_extension_to_any()
    {
        Assert.Distinct(KnownProviders.All.SelectMany(one => one.Roles));
        Assert.DoesNotContain("postgres", KnownProviders.All.SelectMany(one => one.Roles));
        string[] common = ["plpgsql", "hstore", "pg_stat_statements", "postgis", "pg_cron", "pglogical", "pgaudit",
            "timescaledb", "vector", "dblink"];
        Assert.Empty(KnownProviders.All.SelectMany(one => one.Extensions).Intersect(common));
    }

    [Theory]
    [InlineData("shop.proxy-abc.eu-west-1.rds.amazonaws.com", 5432, "aws-rds", EndPointKind.Pooler,
        "end point of the instance")]
    [InlineData("shop.cluster-ro-abc.eu-west-1.rds.amazonaws.com", 5432, "aws-rds", EndPointKind.ReadOnly,
        "shop.cluster-abc.eu-west-1.rds.amazonaws.com")]
    [InlineData("shop.cluster-abc.eu-west-1.rds.amazonaws.com", 5432, "aws-rds", null, "")]
    [InlineData("proxy-shop.abc.eu-west-1.rds.amazonaws.com", 5432, "aws-rds", null, "")]
    [InlineData("34.78.1.2", 6432, "cloud-sql", EndPointKind.Pooler, "port 5432 of 34.78.1.2")]
    [InlineData("34.78.1.2", 5432, "cloud-sql", null, "")]
    [InlineData("shop.postgres.database.azure.com", 6432, "azure-flexible", EndPointKind.Pooler,
        "port 5432 of shop.postgres.database.azure.com")]
    [InlineData("shop.private.postgres.database.azure.com", 5432, "azure-flexible", EndPointKind.Private,
        "shop.postgres.database.azure.com,")]
    [InlineData("shop.postgres.database.azure.com", 5432, "azure-flexible", null, "")]
    [InlineData("replica-pg-shop-acme.aivencloud.com", 12345, "aiven", EndPointKind.ReadOnly,
        "pg-shop-acme.aivencloud.com")]
    [InlineData("public-replica-pg-shop-acme.aivencloud.com", 12345, "aiven", EndPointKind.ReadOnly,
        "public-pg-shop-acme.aivencloud.com")]
    [InlineData("pg-shop-acme.aivencloud.com", 12345, "aiven", null, "")]
    [InlineData("lin-1-2-pgsql-primary-private.servers.linodedb.net", 5432, "linode", EndPointKind.Private,
        "lin-1-2-pgsql-primary.servers.linodedb.net")]
    [InlineData("a1-akamai-prod-2-default.g2a.akamaidb.net", 12345, "linode", null, "")]
    [InlineData("shop-abcd.db.upclouddatabases.com", 11569, "upcloud", EndPointKind.Private,
        "public-shop-abcd.db.upclouddatabases.com")]
    [InlineData("public-shop-abcd.db.upclouddatabases.com", 11569, "upcloud", null, "")]
    [InlineData("shop-do-user-1-0.c.db.ondigitalocean.com", 25061, "digitalocean", EndPointKind.Pooler,
        "port 25060 of")]
    [InlineData("private-shop-do-user-1-0.c.db.ondigitalocean.com", 25060, "digitalocean", EndPointKind.Private,
        "shop-do-user-1-0.c.db.ondigitalocean.com")]
    [InlineData("shop-do-user-1-0.c.db.ondigitalocean.com", 25060, "digitalocean", null, "")]
    [InlineData("vultr-prod-0a1b-vultr-prod-c2d3.vultrdb.com", 16751, "vultr", null, "")]
    [InlineData("dpg-ch1abcdefghijklmnopq-a", 5432, "render", EndPointKind.Private,
        "dpg-ch1abcdefghijklmnopq-a.REGION-postgres.render.com")]
    [InlineData("dpg-ch1abcdefghijklmnopq-a.oregon-postgres.render.com", 5432, "render", null, "")]
    public void An_address_that_is_not_the_one_to_use_is_told_with_the_one_that_is(
        string host, int port, string provider, EndPointKind? kind, string instead)
    {
        var address = new PostgresAddress { Host = host, Port = port, Database = "shop", User = "shop" };
        var found = Enum.GetValues<EndPointKind>()
            .Where(one => Named(provider).EndPoint(one, address) is not null).ToList();

        Assert.Equal(kind is { } only ? [only] : [], found);
        if (kind is { } told)
            Assert.Contains(instead, Named(provider).EndPoint(told, address)!.Instead(address),
                StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Remedies_are_whole_sentences_and_clauses_are_clauses(string provider)
    {
        var one = Named(provider);
        var address = new PostgresAddress { Host = "shop.example.org", Database = "shop", User = "shop" };
        string?[] said =
        [
            one.Remedies.TakeBackup(address), one.Remedies.OpenNetwork(address), one.Remedies.LiftReadOnly,
        ];

        ProviderTask?[] tasks =
        [
            one.Remedies.CloseNetwork?.Invoke(address), one.Remedies.FinalSnapshot?.Invoke(address),
            one.Remedies.DeleteDatabase(address),
        ];
        Assert.All(tasks.OfType<ProviderTask>(), task => Assert.Matches(@"^[A-Z].*\.$", task.Text));
        Assert.All(tasks.OfType<ProviderTask>().SelectMany(task => task.Commands),
            line => Assert.Matches("^[a-z-]+ [^\n]+[^.\n]$", line));
        // A sentence ends with its full stop, or with a command after a colon.
        Assert.All(said.OfType<string>(), text => Assert.Matches(Sentences(), text));
        Assert.All(one.EndPoints, rule => Assert.False(rule.Why.EndsWith('.')
            || rule.Instead(address with { Host = "private-replica-shop.cluster-ro-x.y" }).EndsWith('.')));
        Assert.All(one.Lacks, clause => Assert.False(clause.EndsWith('.')));
    }

    [Fact]
    public void What_is_done_after_the_move_names_the_server_the_address_tells()
    {
        var (aws, azure) = (Named("aws-rds").Remedies, Named("azure-flexible").Remedies);
        var (aurora, odd) = (At("shop.cluster-abc.eu-west-1.rds.amazonaws.com"), At("db.example.org"));
        Assert.EndsWith("--cidr ADDRESS/32", aws.CloseNetwork!(aurora).Commands[0], StringComparison.Ordinal);
        Assert.Equal("aws rds create-db-cluster-snapshot --db-cluster-identifier shop "
            + "--db-cluster-snapshot-identifier shop-final", aws.FinalSnapshot!(aurora).Commands[0]);
        Assert.Equal("aws rds delete-db-cluster --db-cluster-identifier shop "
            + "--final-db-snapshot-identifier shop-at-deletion", aws.DeleteDatabase(aurora).Commands[1]);
        Assert.Equal("aws rds delete-db-instance --db-instance-identifier INSTANCE "
            + "--final-db-snapshot-identifier INSTANCE-at-deletion", Assert.Single(aws.DeleteDatabase(odd).Commands));
        Assert.Equal("az postgres flexible-server delete -g GROUP -n shop",
            Assert.Single(azure.DeleteDatabase(At("shop.postgres.database.azure.com")).Commands));
        var own = KnownProviders.Unknown.Remedies.DeleteDatabase(odd with { Database = "it's" }).Commands;
        Assert.Equal("dropdb --host=db.example.org --port=5432 --username=ADMIN 'it'\\''s'", Assert.Single(own));
    }

    [Fact]
    public void Commands_name_the_server_the_address_tells()
    {
        Assert.Contains("--db-instance-identifier shop ",
            Named("aws-rds").Remedies.TakeBackup(At("shop.abc.eu-west-1.rds.amazonaws.com")), StringComparison.Ordinal);
        Assert.Contains("--db-cluster-identifier shop ", Named("aws-rds").Remedies.TakeBackup(At(
            "shop.cluster-abc.eu-west-1.rds.amazonaws.com")), StringComparison.Ordinal);
        Assert.Contains("-s shop ", Named("azure-flexible").Remedies.TakeBackup(At("shop.postgres.database.azure.com")),
            StringComparison.Ordinal);
        Assert.Contains("-s SERVER ", Named("azure-flexible").Remedies.TakeBackup(At("db.example.org")),
            StringComparison.Ordinal);
    }

    private static Provider Named(string name) => KnownProviders.All.Single(one => one.Name == name);

    private static PostgresAddress At(string host) => new() { Host = host, Database = "shop", User = "shop" };

    [GeneratedRegex(@"^[A-Z].*(\.|: [^.]+.*)$")]
    private static partial Regex Sentences();
}
