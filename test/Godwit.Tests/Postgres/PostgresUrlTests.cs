using Godwit.Faults;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.Tests.Postgres;

public sealed class PostgresUrlTests
{
    [Fact]
    public void Every_part_of_a_url_is_read()
    {
        var address = PostgresUrl.Parse(
            "postgres://limosa:p%40ss@db.example.com:6543/shop?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
            "--from");
        Assert.Equal(("db.example.com", 6543, "limosa", "shop"),
            (address.Host, address.Port, address.User, address.Database));
        Assert.Equal("p@ss", address.Password!.Reveal());
        Assert.Equal((SslMode.VerifyFull, "/etc/ca.pem"), (address.Ssl, address.SslRootCertificate));
    }

    [Theory]
    [InlineData("postgres://u@h/d", 5432, null)]
    [InlineData("postgresql://u:@h/d", 5432, "")]
    [InlineData("  postgres://u:p@h:1/d\n", 1, "p")]
    public void What_is_left_out_has_its_usual_meaning(string url, int port, string? password)
    {
        var address = PostgresUrl.Parse(url, "--from");
        Assert.Equal(port, address.Port);
        Assert.Equal(password, address.Password?.Reveal());
        Assert.Equal(SslMode.Prefer, address.Ssl);
    }

    [Theory]
    [InlineData("p@ss")]
    [InlineData("p:ss")]
    [InlineData("@:@")]
    [InlineData("100 & more = +")]
    public void A_password_may_hold_signs_that_others_would_have_escaped(string password) =>
        Assert.Equal(password, PostgresUrl.Parse($"postgres://u:{password}@h/d", "--from").Password!.Reveal());

    [Fact]
    public void Any_password_user_and_database_survive_being_escaped()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 500; round++)
        {
            var (user, password, database) = (Any(random), Any(random), Any(random));
            var url = $"postgres://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@h:1/"
                + $"{Uri.EscapeDataString(database)}?sslmode=require";
            var address = PostgresUrl.Parse(url, "--from");
            Assert.Equal((user, password, database), (address.User, address.Password!.Reveal(), address.Database));
            Assert.DoesNotContain(url, address.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("postgres://u@h:5432/d")]
    [InlineData("postgres://u%20v:p%40%2F%3A@h:6000/Tar%20get?sslmode=require")]
    [InlineData("postgres://u:p@[2001:db8::7]:5432/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fmy%20ca.pem")]
    [InlineData("postgres://u:p@%2Fvar%2Frun%2Fpostgresql:5432/d?sslmode=disable")]
    public void What_an_application_gets_is_what_was_typed(string url) =>
        Assert.Equal(url, PostgresUrl.Of(PostgresUrl.Parse(url, "--to")));

    [Theory]
    [InlineData("postgres://u:p@[::1]:6000/d", "::1", 6000)]
    [InlineData("postgres://u:p@[2001:db8::7]/d", "2001:db8::7", 5432)]
    [InlineData("postgres://u:p@%2Fvar%2Frun%2Fpostgresql/d", "/var/run/postgresql", 5432)]
    public void A_host_may_be_an_ipv6_address_or_a_socket_folder(string url, string host, int port)
    {
        var address = PostgresUrl.Parse(url, "--from");
        Assert.Equal((host, port), (address.Host, address.Port));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("   \n", "it is empty")]
    [InlineData("mysql://u:hunter2@h/d", "does not begin with postgres://")]
    [InlineData("host=h user=u password=hunter2", "does not begin with postgres://")]
    [InlineData("postgres://u:hunter2@h1,h2/d", "several hosts")]
    [InlineData("postgres://h/d", "names no user")]
    [InlineData("postgres://:hunter2@h/d", "names no user")]
    [InlineData("postgres://u:hunter2@/d", "names no host")]
    [InlineData("postgres://u:hunter2@[::1/d", "names no host")]
    [InlineData("postgres://u:hunter2@h", "names no database")]
    [InlineData("postgres://u:hunter2@h/", "names no database")]
    [InlineData("postgres://u:hunter2@h:0/d", "port")]
    [InlineData("postgres://u:hunter2@h:65536/d", "port")]
    [InlineData("postgres://u:hunter2@h:-1/d", "port")]
    [InlineData("postgres://u:hun/ter2@h/d", "%2F")]
    [InlineData("postgres://u:hun?ter2@h/d", "%3F")]
    [InlineData("postgres://u:hunter2%@h/d", "%25")]
    [InlineData("postgres://u:hunter2%4@h/d", "%25")]
    [InlineData("postgres://u:hunter2%zz@h/d", "%25")]
    [InlineData("postgres://u:hunter2@h/d?sslmode=on", "verify-full")]
    [InlineData("postgres://u:hunter2@h/d?sslmod=require", "'sslmod'")]
    [InlineData("postgres://u:1@h/d?hunter2@h/d", "a parameter")]
    [InlineData("postgres://u:hunter2@h/d\npostgres://u:hunter2@h/e", "more than one line")]
    public void A_url_that_cannot_be_used_is_refused_and_not_repeated(string url, string why)
    {
        var fault = Assert.Throws<FaultException>(() => PostgresUrl.Parse(url, "The variable SOURCE_URL"));
        Assert.Equal("postgres.url", fault.Fault.Code);
        Assert.Equal(FaultKind.Usage, fault.Fault.Kind);
        Assert.Contains("SOURCE_URL", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'postgres://u:hunter2@h/d'", "postgres://u:***@h/d")]
    [InlineData("postgis://u:hunter2@h:1/d?sslmode=require", "postgres://u:***@h:1/d?sslmode=require")]
    [InlineData("postgresql+asyncpg://u:hunter2@h/d", "postgres://u:***@h/d")]
    [InlineData("jdbc:postgresql://h:5432/d", "postgres://h:5432/d")]
    [InlineData("jdbc:postgresql://h/d?user=me&password=s3cret&sslmode=require",
        "postgres://me:***@h/d?sslmode=require")]
    [InlineData("psql postgres://me:s3cret@h/d", "postgres://me:***@h/d")]
    [InlineData("DATABASE_URL=postgres://me:s3cret@h/d", "postgres://me:***@h/d")]
    [InlineData("export URL=\"postgresql://me:s3cret@h/d\"", "postgresql://me:***@h/d")]
    [InlineData("POSTGRES://u@h/d", "postgres://***@h/d")]
    [InlineData("postgres://u:hunter2@h/d?pool=5", "postgres://u:***@h/d ")]
    [InlineData("postgres://u:hunter2@h/d?ssl=true&pool=5", "postgres://u:***@h/d?sslmode=require ")]
    [InlineData("postgres://u:hunter2@h/d?pgbouncer=true&sslmode=require&schema=a",
        "postgres://u:***@h/d?sslmode=require ")]
    [InlineData("postgres://u:hunter2@h/d?sslmode=no-verify", "Did you mean sslmode=require?")]
    [InlineData("postgres://u:hunter2@h/d?sslmode=Require", "Did you mean sslmode=require?")]
    [InlineData("jdbc:postgresql://h:1/d?user=u&password=hunter2&ssl=true", "postgres://u:***@h:1/d?sslmode=require ")]
    [InlineData("postgres://h/d?password=hunter2&user=u", "postgres://u:***@h/d ")]
    [InlineData("DATABASE_URL=postgres://u:hunter2@h/d", "postgres://u:***@h/d ")]
    [InlineData("export DATABASE_URL='postgres://u:hunter2@h/d?pool=5'", "postgres://u:***@h/d ")]
    [InlineData("postgres://u:hun%ter2@h:1/d", "'%' as %25.")]
    [InlineData("postgres://u:hunter2@::1/d", "postgres://u:***@[::1]/d")]
    [InlineData("postgres://u:hunter2@fe80::1:6000/d", "postgres://u:***@[fe80::1]:6000/d")]
    [InlineData("postgres://u:hun/ter2@h:1/d", "postgres://u:***@h:1/d")]
    public void What_was_probably_meant_is_told_without_its_password(string url, string meant)
    {
        var fault = Assert.Throws<FaultException>(() => PostgresUrl.Parse(url, "The variable X")).Fault;
        Assert.Contains(meant, fault.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", $"{fault}", StringComparison.Ordinal);
    }

    [Fact]
    public void No_mutilated_url_makes_a_fault_that_holds_its_password()
    {
        var random = new Random(4711);
        for (var round = 0; round < 20_000; round++)
        {
            var url = "postgres://user:QWXZQWXZQWXZ@host:5432/db?sslmode=require".ToCharArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                url[random.Next(url.Length)] = "@:/?&=%#[],\n x"[random.Next(14)];
            try
            {
                PostgresUrl.Parse(new string(url), "--from");
            }
            catch (FaultException e)
            {
                Assert.DoesNotMatch("[QWXZ]{3}", e.Message);
            }
        }
    }

    [Fact]
    public void A_url_is_shown_without_password_and_parameters() =>
        Assert.Equal("postgres://u@h:5432/d",
            PostgresUrl.WithoutPassword(PostgresUrl.Parse("postgres://u:hunter2@h/d?sslmode=require", "--from")));

    private static string Any(Random random) =>
        new([.. Enumerable.Range(0, random.Next(1, 20))
            .Select(_ => "abcXYZ019@:/?#[]%&=+ !$'()*,;-._~\"\\äß漢"[random.Next(38)])]);
}
