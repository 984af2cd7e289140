using Godwit.Faults;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.Tests.Postgres;

public sealed class PostgresAddressTests
{
    private static readonly PostgresAddress Shop = new()
    {
        Host = "db.example.com", Port = 6543, Database = "shop", User = "limosa", Password = new Secret("hunter2"),
        Ssl = SslMode.VerifyFull, SslRootCertificate = "/ca.pem",
    };

    [Theory]
    [InlineData("db.example.com", "limosa@db.example.com:6543/shop")]
    [InlineData("::1", "limosa@[::1]:6543/shop")]
    public void It_prints_without_its_password(string host, string expected)
    {
        var address = Shop with { Host = host };
        Assert.Equal(expected, $"{address}");
        Assert.DoesNotContain("hunter2", $"{(address, address.Password, address.ForNpgsql())}",
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db.example.com", "limosa")]
    [InlineData("::1", "limosa")]
    [InlineData("/var/run/postgresql", "limosa")]
    [InlineData("shop.postgres.database.azure.com", "limosa@shop")]
    public void What_is_printed_can_be_read_again(string host, string user)
    {
        var address = new PostgresAddress { Host = host, Port = 6543, User = user, Database = "my shop/2" };
        Assert.Equal(address, PostgresAddress.Read($"{address}"));
        Assert.Null(PostgresAddress.Read("env:SOURCE_URL"));
    }

    [Fact]
    public void Libpq_gets_it_in_its_environment_and_nothing_of_the_callers_shell_wins_over_it()
    {
        var told = Shop.ForLibpq().ToDictionary(one => one.Key, one => one.Value?.Reveal());
        Assert.Equal(("db.example.com", "6543", "shop", "limosa"),
            (told["PGHOST"], told["PGPORT"], told["PGDATABASE"], told["PGUSER"]));
        Assert.Equal(("hunter2", "verify-full", "/ca.pem"),
            (told["PGPASSWORD"], told["PGSSLMODE"], told["PGSSLROOTCERT"]));
        Assert.All(["PGSERVICE", "PGHOSTADDR"], name => Assert.Null(told[name]));
    }

    [Fact]
    public void Without_a_password_libpq_looks_for_one_itself() =>
        Assert.DoesNotContain("PGPASSWORD", (Shop with { Password = null }).ForLibpq().Keys);

    [Theory]
    [InlineData(SslMode.Disable, "disable")]
    [InlineData(SslMode.Allow, "allow")]
    [InlineData(SslMode.Prefer, "prefer")]
    [InlineData(SslMode.Require, "require")]
    [InlineData(SslMode.VerifyCA, "verify-ca")]
    [InlineData(SslMode.VerifyFull, "verify-full")]
    public void Every_ssl_mode_is_one_that_libpq_and_a_url_know(SslMode mode, string name)
    {
        Assert.Equal(name, (Shop with { Ssl = mode }).ForLibpq()["PGSSLMODE"]!.Reveal());
        Assert.Equal(mode, PostgresUrl.Parse($"postgres://u@h/d?sslmode={name}", "--from").Ssl);
    }

    [Theory]
    [InlineData("db.example.com", 6543, "shop", true)]
    [InlineData("DB.example.com.", 6543, "shop", true)]
    [InlineData("db.example.com", 6544, "shop", false)]
    [InlineData("db.example.com", 6543, "Shop", false)]
    [InlineData("db2.example.com", 6543, "shop", false)]
    public void Two_addresses_name_the_same_database_whoever_logs_in(string host, int port, string database, bool same)
    {
        var other = new PostgresAddress { Host = host, Port = port, Database = database, User = "other" };
        Assert.Equal(same, Shop.NamesSameDatabaseAs(other));
        Assert.Equal(same, other.NamesSameDatabaseAs(Shop));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void This_machine_has_several_names(string host) =>
        Assert.True((Shop with { Host = "localhost" }).NamesSameDatabaseAs(Shop with { Host = host }));

    [Fact]
    public void The_driver_is_told_where_to_stop_waiting()
    {
        var told = new NpgsqlConnectionStringBuilder(Shop.ForNpgsql().Reveal());
        Assert.InRange(told.Timeout, 1, 60);
        Assert.True(told.KeepAlive > 0);
        Assert.False(told.Pooling);
    }
}
