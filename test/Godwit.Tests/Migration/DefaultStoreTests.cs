using Godwit.Faults;
using Godwit.Migration;
using Godwit.Postgres;

namespace Godwit.Tests.Migration;

public sealed class DefaultStoreTests
{
    private static readonly PostgresAddress Rds = At("shop.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com");
    private static readonly PostgresAddress Linode = At("a123-akamai-prod-456-default.g2a.akamaidb.net");

    [Fact]
    public void It_is_the_providers_own_with_a_name_that_is_the_same_for_the_same_keys_and_source()
    {
        var first = DefaultStore.Choose(Rds, Keys("AWS", "AKIA1"));

        Assert.Matches("^s3://godwit-[0-9a-f]{12}$", first.Address.ToString());
        Assert.Equal("eu-central-1", first.Region);
        Assert.Contains("AWS_ACCESS_KEY_ID has credentials", first.Why, StringComparison.Ordinal);
        Assert.Equal(first, DefaultStore.Choose(Rds with { Password = new Secret("another") }, Keys("AWS", "AKIA1")));
        Assert.NotEqual(first.Address, DefaultStore.Choose(Rds, Keys("AWS", "AKIA2")).Address);
        Assert.NotEqual(first.Address,
            DefaultStore.Choose(Rds with { Database = "other" }, Keys("AWS", "AKIA1")).Address);
        Assert.NotEqual(first.Address,
            DefaultStore.Choose(At("shop2.c1a2b3c4d5e6.eu-central-1.rds.amazonaws.com"), Keys("AWS", "AKIA1")).Address);
    }

    [Fact]
    public void Keys_of_a_login_name_no_bucket_because_the_next_login_would_name_another()
    {
        var fault = Assert.Throws<FaultException>(() => DefaultStore.Choose(Rds, Keys("AWS", "ASIA1"))).Fault;

        Assert.Equal("run.no_store", fault.Code);
        Assert.Contains("another one after the next login", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_credentials_those_of_the_providers_own_store_count()
    {
        var both = Both(Keys("AWS", "AKIA1"), Keys("S3", "LIN1"));

        Assert.StartsWith("linode://godwit-", DefaultStore.Choose(Linode, both).Address.ToString(),
            StringComparison.Ordinal);
        Assert.StartsWith("s3://godwit-", DefaultStore.Choose(Rds, both).Address.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_account_stands_in_the_address_where_the_service_wants_it_and_without_one_there_is_no_default()
    {
        var azure = At("shop.postgres.database.azure.com");
        Func<string, string?> Said(string? account) =>
            name => name switch { "AZURE_STORAGE_KEY" => "c2VjcmV0", "AZURE_STORAGE_ACCOUNT" => account, _ => null };

        Assert.Matches("^azblob://shopdumps/godwit-[0-9a-f]{12}$",
            DefaultStore.Choose(azure, Said("shopdumps")).Address.ToString());
        Assert.Contains("AZURE_STORAGE_KEY does not tell whose account", Assert.Throws<FaultException>(() =>
            DefaultStore.Choose(azure, Said(null))).Fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a123-akamai-prod-456-default.g2a.akamaidb.net",
        "no credentials for it were found (S3_ACCESS_KEY_ID, LINODE_CLI_OBJ_ACCESS_KEY)")]
    [InlineData("shop-me.a.aivencloud.com", "Aiven, has no store of its own")]
    [InlineData("dpg-abc123-a.frankfurt-postgres.render.com", "Render, has no store of its own")]
    [InlineData("db.example.com", "does not tell who runs it")]
    public void Where_it_cannot_be_told_every_kind_is_listed_with_what_was_found_and_no_secret(string host, string why)
    {
        var fault = Assert.Throws<FaultException>(() => DefaultStore.Choose(At(host), Keys("AWS", "AKIA1"))).Fault;

        Assert.Equal(("run.no_store", FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
        Assert.Matches("--via s3://BUCKET +Amazon S3: credentials are in AWS_ACCESS_KEY_ID\n", fault.Remedy);
        Assert.Matches("--via linode://BUCKET +Linode Object Storage: no credentials in S3_ACCESS_KEY_ID, "
            + "LINODE_CLI_OBJ_ACCESS_KEY\n", fault.Remedy);
        Assert.Matches("--via disk:FOLDER +a folder of this machine: needs no credentials", fault.Remedy);
        Assert.DoesNotContain("s3cr3t", fault.ToString(), StringComparison.Ordinal);
        Assert.Null(DefaultStore.TryChoose(At(host), Keys("AWS", "AKIA1")));
    }

    private static PostgresAddress At(string host) => PostgresUrl.Parse($"postgres://u:p@{host}:5432/shop", "test");

    private static Func<string, string?> Keys(string prefix, string id) => name =>
        name == $"{prefix}_ACCESS_KEY_ID" ? id : name == $"{prefix}_SECRET_ACCESS_KEY" ? "s3cr3t" : null;

    private static Func<string, string?> Both(Func<string, string?> one, Func<string, string?> other) =>
        name => one(name) ?? other(name);
}
