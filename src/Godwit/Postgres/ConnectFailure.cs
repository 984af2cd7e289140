using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Godwit.Faults;
using Npgsql;

namespace Godwit.Postgres;

/// <summary>Turns a driver's exception at login into a fault.</summary>
internal static class ConnectFailure
{
    /// <remarks>https://www.postgresql.org/docs/current/errcodes-appendix.html</remarks>
    public static Fault Explain(PostgresAddress address, Exception e)
    {
        var message = Redactor.Clean(e.Message, address.Password);
        return e switch
        {
            PostgresException { SqlState: "28P01" } => PostgresConnectFaults.WrongPassword(address),
            PostgresException { SqlState: "28000" } p =>
                PostgresConnectFaults.NotAllowed(address, Redactor.Clean(p.MessageText, address.Password)),
            PostgresException { SqlState: "3D000" } => PostgresConnectFaults.NoDatabase(address),
            PostgresException { SqlState: "53300" } => PostgresConnectFaults.TooManyConnections(address),
            PostgresException { SqlState: "57P03" } p => PostgresConnectFaults.StartingUp(address, p.MessageText),
            PostgresException p =>
                PostgresConnectFaults.NotAllowed(address, Redactor.Clean(p.MessageText, address.Password)),
            _ when message.Contains("No SSL enabled connection", StringComparison.Ordinal) =>
                PostgresConnectFaults.TlsMissing(address),
            ArgumentException => PostgresConnectFaults.Tls(address, message),
            _ when e.Find<CryptographicException>() is not null || e.Find<FileNotFoundException>() is not null
                || e.Find<DirectoryNotFoundException>() is not null =>
                PostgresConnectFaults.TlsRootUnreadable(address, address.SslRootCertificate ?? "(none was named)"),
            _ when e.Find<AuthenticationException>() is { } tls => OfHandshake(address, tls),
            _ when message.Contains("SSL", StringComparison.Ordinal) => PostgresConnectFaults.Tls(address, message),
            _ when message.Contains("No password", StringComparison.OrdinalIgnoreCase) =>
                PostgresConnectFaults.NoPassword(address),
            _ when e.Find<SocketException>()
                is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                PostgresConnectFaults.UnknownHost(address),
            _ when e.Find<SocketException>() is { } socket =>
                PostgresConnectFaults.Unreachable(address, socket.Message),
            _ when e.Find<TimeoutException>() is not null =>
                PostgresConnectFaults.Unreachable(address, "it did not answer in time"),
            _ => PostgresConnectFaults.Unreachable(address, message),
        };
    }

    // .NET names the driver's callback ("rejected by the provided RemoteCertificateValidationCallback"), which says
    // nothing to a user.
    private static Fault OfHandshake(PostgresAddress address, AuthenticationException e) =>
        e.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? PostgresConnectFaults.TlsUntrusted(address)
            : PostgresConnectFaults.Tls(address, Redactor.Clean(e.Message));
}
