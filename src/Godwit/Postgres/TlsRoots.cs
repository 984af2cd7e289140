using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Applies <c>sslmode</c> and <c>sslrootcert</c> alike to our sessions and to PostgreSQL's programs. By
/// default the driver trusts the machine's authorities, while libpq needs a file in the home folder.
/// https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-CERTIFICATES</summary>
internal static class TlsRoots
{
    private const string System = "system";

    // Of Debian, Fedora, SUSE and Alpine.
    private static readonly string[] Bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// <summary>Adds the file that both driver and libpq use.</summary>
    /// <param name="from">The address's origin, for the fault.</param>
    /// <exception cref="FaultException"><c>postgres.url</c>: sslrootcert is 'system' with an sslmode that does not
    /// verify.</exception>
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
            // As in libpq and pg_dump: if there is a file, the certificate is verified.
            SslMode.Require when file is not null => address with { Ssl = SslMode.VerifyCA, SslRootCertificate = file },
            _ => address,
        };
    }

    private static string? OfHome(Func<string, string?> environment) =>
        Set(environment("HOME")) is { } home
            && Path.Combine(home, ".postgresql", "root.crt") is var file && File.Exists(file) ? file : null;

    // OpenSSL and .NET read this variable.
    private static string? OfMachine(Func<string, string?> environment) =>
        Set(environment("SSL_CERT_FILE")) ?? Bundles.FirstOrDefault(File.Exists);

    private static string? Set(string? value) => value is { Length: > 0 } ? value : null;
}
