using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Godwit.Tests.Storage;

/// <summary>Stands for AWS's service that gives keys for tokens, which nobody else makes a server for: one answer
/// in its form.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html</summary>
internal sealed class TokenExchange : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _answering;

    public TokenExchange()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _answering = AnswerAsync();
    }

    public string Url { get; }

    /// <summary>The body of the last request.</summary>
    public string Asked { get; private set; } = "";

    public DateTimeOffset End { get; } = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(40);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var call = await _listener.GetContextAsync();
                using var reader = new StreamReader(call.Request.InputStream);
                Asked = await reader.ReadToEndAsync();
                var answer = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                    <AssumeRoleWithWebIdentityResult><Credentials>
                    <AccessKeyId>ASIAEXCHANGED</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
                    <SessionToken>t</SessionToken>
                    <Expiration>{End.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiration>
                    </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                    """));
                call.Response.ContentType = "text/xml";
                await call.Response.OutputStream.WriteAsync(answer);
                call.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
