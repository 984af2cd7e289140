using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Which authorities vouch for a server: one reading of <c>sslmode</c> and <c>sslrootcert</c> for our own
/// sessions and for PostgreSQL's programs. Left to themselves, the driver trusts whom the machine trusts, and libpq
/// wants a file in the home folder.</summary>
/// <remarks>https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-CERTIFICATES</remarks>
internal static class TlsRoots
{
    private const string System = "system";

    /// <summary>Where Debian, Fedora, SUSE and Alpine keep those that the machine trusts.</summary>
    private static readonly string[] Bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// <param name="environment">Looks up a variable.</param>
    /// <param name="from">Where the address came from, for the fault.</param>
    /// <returns>The same address, with the file that both sides of us read.</returns>
    /// <exception cref="FaultException"><c>postgres.url</c>: the machine's own authorities are asked for, with a mode
    /// that does not look at them.</exception>
    public static PostgresAddress Apply(PostgresAddress address, Func<string, string?> environment, string from)
    {
        var named = address.SslRootCertificate ?? Set(environment("PGSSLROOTCERT"));
        if (named == System)
        {
            return address.Ssl is SslMode.VerifyFull or SslMode.Prefer
                ? address with { Ssl = SslMode.VerifyFull, SslRootCertificate = OfMachine(environment) }
                : throw new FaultException(PostgresFaults.Url(
                    from, "its sslrootcert is 'system', with a weaker sslmode than verify-full",
                    "Write sslmode=verify-full, or name a file: sslrootcert=FILE."));
        }

        var file = named ?? OfHome(environment);
        return address.Ssl switch
        {
            SslMode.VerifyCA or SslMode.VerifyFull =>
                address with { SslRootCertificate = file ?? OfMachine(environment) },
            // So does libpq, and with it pg_dump: who has the file there wants it to be looked at.
            SslMode.Require when file is not null => address with { Ssl = SslMode.VerifyCA, SslRootCertificate = file },
            _ => address,
        };
    }

    private static string? OfHome(Func<string, string?> environment) =>
        Set(environment("HOME")) is { } home
            && Path.Combine(home, ".postgresql", "root.crt") is var file && File.Exists(file) ? file : null;

    /// <summary>OpenSSL and .NET are led elsewhere by the same variable.</summary>
    private static string? OfMachine(Func<string, string?> environment) =>
        Set(environment("SSL_CERT_FILE")) ?? Bundles.FirstOrDefault(File.Exists);

    private static string? Set(string? value) => value is { Length: > 0 } ? value : null;
}
