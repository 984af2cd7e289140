using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Storage;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

namespace Godwit.EndToEnd.Servers;

/// <summary>Azurite, Microsoft's emulator of Azure Blob Storage, on a free loopback port. The first call of
/// <see cref="StartAsync"/> starts it, once for all classes that take it as a constructor argument. It checks shared
/// keys, SAS and, over TLS, the claims of tokens, but not their signatures.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    public const string Account = "godwittests";

    /// <summary>An account that exists, but whose key no test has.</summary>
    public const string ForeignAccount = "somebodyelses";

    /// <summary>Node.js needs about two seconds, more when the machine is busy.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-azurite-").FullName;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly bool _isTls;
    private readonly string _certificate;
    private AzuriteServer? _secured;
    private IRunningProcess? _process;
    private Task _draining = Task.CompletedTask;
    private int _port;

    public AzuriteServer()
        : this(isTls: false)
    {
        // All checks of certificates in this process use SSL_CERT_FILE. So it must be set, and the file exist, before
        // the first.
        WriteCertificate();
        Assert.Equal(0, SetVariable("SSL_CERT_FILE", _certificate, 1));
    }

    private AzuriteServer(bool isTls) => (_isTls, _certificate) = (isTls, Path.Combine(_folder, "certificate.pem"));

    public static Secret Key { get; } =
        new(Convert.ToBase64String(Encoding.ASCII.GetBytes("s3cr3t key of the account of tests, 48 bytes long")));

    public int Port => _port != 0 ? _port : throw new InvalidOperationException("await StartAsync first");

    /// <summary>The account is in the path, because an IP address has no subdomains.</summary>
    public string Endpoint => EndpointOf(Account);

    /// <summary>How to open a container of this server.</summary>
    public AzureBlobOptions Options => new() { Endpoint = Endpoint, Key = Key, PartAttemptsMax = 2 };

    public string EndpointOf(string account) =>
        $"{(_isTls ? "https" : "http")}://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}/{account}";

    /// <summary>Ready when this returns. After <see cref="KillAsync"/> it starts again with the same containers at the
    /// same port.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (_process is not null)
                return;
            if (_port == 0)
                _port = FreePort();
            _process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall(Tool("bin/node"),
                [Tool("npm/node_modules/azurite/dist/src/blob/main.js"), .. Arguments()])
            {
                Environment = new Dictionary<string, Secret?>
                {
                    ["AZURITE_ACCOUNTS"] = new($"{Account}:{Key.Reveal()};{ForeignAccount}:"
                        + Convert.ToBase64String(RandomNumberGenerator.GetBytes(64))),
                },
            });
            var reader = new StreamReader(_process.Output);
            await UntilReadyAsync(reader, ct).WaitAsync(StartMax, ct);
            _draining = reader.ReadToEndAsync(CancellationToken.None);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Another Azurite, over TLS, which also accepts tokens.</summary>
    public async Task<AzuriteServer> SecuredAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            if (_secured is null)
            {
                _secured = new AzuriteServer(isTls: true);
                foreach (var file in Directory.GetFiles(_folder, "*.pem"))
                    File.Copy(file, Path.Combine(_secured._folder, Path.GetFileName(file)));
            }
        }
        finally
        {
            _starting.Release();
        }

        await _secured.StartAsync(ct);
        return _secured;
    }

    /// <summary>Like a crash of the machine: the server finishes nothing.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        await ((Task)_draining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process = null;
    }

    /// <summary>Starts the server if needed, and creates an empty container with a new name.</summary>
    /// <param name="publicAccess"><c>blob</c> or <c>container</c>; null: private.</param>
    public async Task<string> MakeContainerAsync(CancellationToken ct, string? publicAccess = null)
    {
        await StartAsync(ct);
        var container = "godwit-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        using var answer = await SendAsync(HttpMethod.Put, $"/{container}?restype=container", ct, [],
            publicAccess is null ? [] : [("x-ms-blob-public-access", publicAccess)]);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return container;
    }

    /// <summary>A signed request for what <c>IObjectStore</c> does not offer.</summary>
    /// <param name="path">The escaped path after the account, with the query.</param>
    public HttpRequestMessage Request(
        HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method,
            $"{Endpoint}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{AccountSas()}");
        request.Headers.Add("x-ms-version", "2021-12-02");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        if (body is not null)
            request.Content = new ByteArrayContent(body);
        return request;
    }

    /// <summary>As <see cref="Request"/>. The caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, CancellationToken ct, byte[]? body = null,
        params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body, headers);
        return await Http.SendAsync(request, ct);
    }

    /// <summary>For callers that cannot await.</summary>
    public HttpStatusCode Send(
        HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body, headers);
        using var answer = Http.Send(request);
        return answer.StatusCode;
    }

    /// <summary>Sends a block and never commits it.</summary>
    public async Task LeaveBlockAsync(string container, string blob, string id, CancellationToken ct)
    {
        var name = string.Join('/', blob.Split('/').Select(Uri.EscapeDataString));
        using var answer = await SendAsync(HttpMethod.Put,
            $"/{container}/{name}?comp=block&blockid={Uri.EscapeDataString(id)}", ct, new byte[1024]);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(ct));
    }

    /// <summary>The names of all blobs in a container, uncommitted ones included.</summary>
    public async Task<IReadOnlyList<string>> KeptAsync(string container, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get,
            $"/{container}?restype=container&comp=list&include=uncommittedblobs,snapshots", ct);
        var xml = System.Xml.Linq.XElement.Parse((await answer.Content.ReadAsStringAsync(ct)).TrimStart('\uFEFF'));
        return [.. xml.Descendants("Name").Select(name => name.Value)];
    }

    /// <summary>For the whole account and everything in it.</summary>
    public static Secret AccountSasFor(string permissions) => new(AccountSas(permissions));

    /// <summary>For one container, or for one blob of it.</summary>
    public static Secret ServiceSas(
        string container, string permissions, string? blob = null, DateTimeOffset? expiry = null)
    {
        var end = Time(expiry ?? TimeProvider.System.GetUtcNow().AddHours(1));
        var resource = blob is null ? "c" : "b";
        var name = $"/blob/{Account}/{container}" + (blob is null ? "" : "/" + blob);
        var text = string.Join('\n', permissions, "", end, name, "", "", "", "2021-12-02", resource, "", "", "",
            "", "", "", "");
        return new($"sv=2021-12-02&sr={resource}&sp={permissions}&se={Uri.EscapeDataString(end)}&"
            + $"sig={Uri.EscapeDataString(Sign(text))}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_secured is not null)
            await _secured.DisposeAsync();
        _starting.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

#pragma warning disable SYSLIB1054, CA2101 // Generated code needs unsafe blocks for one call. The text is our path.
    /// <summary>OpenSSL reads the variable itself. .NET's setter changes only .NET's copy.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetVariable(string name, string value, int overwrite);
#pragma warning restore SYSLIB1054, CA2101

    private static string AccountSas(string permissions = "rwdlacup")
    {
        var end = Time(TimeProvider.System.GetUtcNow().AddHours(1));
        var text = string.Join('\n', Account, permissions, "b", "sco", "", end, "", "", "2021-12-02", "", "");
        return $"sv=2021-12-02&ss=b&srt=sco&sp={permissions}&se={Uri.EscapeDataString(end)}&"
            + $"sig={Uri.EscapeDataString(Sign(text))}";
    }

    private static string Sign(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key.Reveal()),
            Encoding.UTF8.GetBytes(text)));

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // Without --disableTelemetry, Azurite sends telemetry.
    private IEnumerable<string> Arguments() =>
    [
        "--disableTelemetry", "--silent", "--skipApiVersionCheck", "-l", _folder, "--blobHost", "127.0.0.1",
        "--blobPort", _port.ToString(CultureInfo.InvariantCulture),
        .. _isTls ? ["--oauth", "basic", "--cert", _certificate,
            "--key", Path.Combine(_folder, "key.pem")] : (string[])[],
    ];

    private async Task UntilReadyAsync(StreamReader output, CancellationToken ct)
    {
        while (await output.ReadLineAsync(ct) is { } line)
        {
            if (line.Contains("successfully listens", StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"Azurite did not start: {_process!.ErrorTail}");
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Azurite of a test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true,
            hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(2));
        File.WriteAllText(_certificate, made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // ./check installs them.
    private static string Tool(string path)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Godwit.slnx")))
                return Path.Combine(folder, ".tools", path);
        }

        throw new InvalidOperationException($"no Godwit.slnx above {AppContext.BaseDirectory}");
    }
}
