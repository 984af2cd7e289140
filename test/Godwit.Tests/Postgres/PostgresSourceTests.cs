using Godwit.Faults;
using Godwit.Postgres;
using Npgsql;

namespace Godwit.Tests.Postgres;

public sealed class PostgresSourceTests
{
    private const string Url = "postgres://u:hunter2@h:6000/d";

    private const string Services = """
        # the shops
        [other]
        host=wrong
        [shop]
        host = db.example.com
        port = 6543
        user=limosa
        password=hunter2 with = and blank
        sslmode=verify-ca
        [last]
        user=nobody
        """;

    [Fact]
    public void A_url_comes_from_a_variable() => Assert.Equal("u@h:6000/d", Resolve("env:SOURCE_URL").ToString());

    [Fact]
    public void A_url_comes_from_a_file_and_its_last_line_break_does_not_matter() =>
        Assert.Equal("u@h:6000/d", Resolve("file:/run/source").ToString());

    [Fact]
    public void A_url_may_be_given_itself() => Assert.Equal("x@y:5432/z", Resolve("postgres://x@y/z").ToString());

    [Fact]
    public void A_service_is_read_as_libpq_reads_it()
    {
        var address = Resolve("service:shop");
        Assert.Equal("limosa@db.example.com:6543/limosa", address.ToString());
        Assert.Equal("hunter2 with = and blank", address.Password!.Reveal());
        Assert.Equal(SslMode.VerifyCA, address.Ssl);
    }

    [Theory]
    [InlineData("env:NOT_SET", "postgres.no_variable", "NOT_SET")]
    [InlineData("env:EMPTY", "postgres.no_variable", "EMPTY")]
    [InlineData("env:", "postgres.no_variable", "env:")]
    [InlineData("env:NOT_A_URL", "postgres.url", "The variable NOT_A_URL")]
    [InlineData("file:/missing", "postgres.file_unreadable", "/missing")]
    [InlineData("file:/forbidden", "postgres.file_unreadable", "/forbidden")]
    [InlineData("service:unknown", "postgres.service", "[unknown]")]
    [InlineData("service:last", "postgres.service", "[last]")]
    [InlineData("SOURCE_URL", "postgres.no_reference", "--from")]
    [InlineData("./url.txt", "postgres.no_reference", "--from")]
    [InlineData("hunter2", "postgres.url", "--from")]
    [InlineData("env:postgres://u:hunter2@h/d", "postgres.url_for_name", "--from")]
    [InlineData("", "postgres.url", "--from")]
    public void What_leads_nowhere_is_told_by_the_name_it_was_given(string reference, string code, string named)
    {
        var fault = Assert.Throws<FaultException>(() => Resolve(reference)).Fault;
        Assert.Equal((code, FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.Contains(named, $"{fault.What}: {fault.Why}", StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{fault}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port=many", "port")]
    [InlineData("port=0", "port")]
    [InlineData("sslmode=3", "sslmode")]
    [InlineData("sslmode=sure", "sslmode")]
    public void A_service_with_a_value_that_cannot_be_used_is_a_fault_and_no_crash(string line, string named)
    {
        var fault = Assert.Throws<FaultException>(() =>
            Resolve("service:s", $"[s]\nhost=h\nuser=u\npassword=hunter2\n{line}")).Fault;
        Assert.Equal("postgres.url", fault.Code);
        Assert.Contains("The service s", fault.What, StringComparison.Ordinal);
        Assert.Contains(named, fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sslmode=verify-full", SslMode.VerifyFull, "/roots")]
    [InlineData("sslmode=verify-full&sslrootcert=/ca.pem", SslMode.VerifyFull, "/ca.pem")]
    [InlineData("sslmode=require&sslrootcert=/ca.pem", SslMode.VerifyCA, "/ca.pem")]
    [InlineData("sslmode=require", SslMode.Require, null)]
    [InlineData("sslrootcert=system", SslMode.VerifyFull, "/roots")]
    [InlineData("", SslMode.Prefer, null)]
    public void Whom_to_trust_is_said_to_the_driver_and_to_libpq_alike(string parameters, SslMode mode, string? file)
    {
        var source = new PostgresSource(name =>
            name switch { "U" => $"postgres://u@h/d?{parameters}", "SSL_CERT_FILE" => "/roots", _ => null }, _ => "");
        var address = source.Resolve("env:U", "--from");
        Assert.Equal((mode, file), (address.Ssl, address.SslRootCertificate));
        Assert.Equal(file, address.ForLibpq().GetValueOrDefault("PGSSLROOTCERT")?.Reveal());
    }

    [Fact]
    public void The_machines_own_authorities_with_a_mode_that_does_not_ask_them_are_a_contradiction()
    {
        var source = new PostgresSource(_ => "postgres://u@h/d?sslmode=require&sslrootcert=system", _ => "");
        Assert.Equal("postgres.url", Assert.Throws<FaultException>(() => source.Resolve("env:U", "--from")).Fault.Code);
    }

    [Fact]
    public void A_service_file_that_is_not_there_is_named()
    {
        var source = new PostgresSource(name => name == "HOME" ? "/home/me" : null,
            path => throw new FileNotFoundException("no such file"));
        var fault = Assert.Throws<FaultException>(() => source.Resolve("service:shop", "--from")).Fault;
        Assert.Equal("postgres.service", fault.Code);
        Assert.Contains("/home/me/.pg_service.conf", fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env:SOURCE_URL", "env:SOURCE_URL")]
    [InlineData("file:/run/source", "file:/run/source")]
    [InlineData("service:shop", "service:shop")]
    [InlineData(Url, "postgres://u@h:6000/d")]
    [InlineData("postgresql://u:hunter2@h:6000/d?sslmode=require", "postgres://u@h:6000/d")]
    [InlineData(" " + Url, "postgres://u@h:6000/d")]
    public void What_is_kept_holds_no_password(string reference, string kept) =>
        Assert.Equal(kept, PostgresSource.Keepable(reference, PostgresUrl.Parse(Url, "--from")));

    private static PostgresAddress Resolve(string reference, string services = Services) => new PostgresSource(
        name => name switch
        {
            "SOURCE_URL" => Url,
            "EMPTY" => "",
            "NOT_A_URL" => "hunter2",
            "PGSERVICEFILE" => "/services",
            _ => null,
        },
        path => path switch
        {
            "/run/source" => Url + "\n",
            "/services" => services,
            "/forbidden" => throw new UnauthorizedAccessException("Access to '/forbidden' is denied."),
            _ => throw new FileNotFoundException("no such file"),
        }).Resolve(reference, "--from");
}
