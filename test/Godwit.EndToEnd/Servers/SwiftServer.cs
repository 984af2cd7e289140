using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Storage;

[assembly: AssemblyFixture(typeof(SwiftServer))]

namespace Godwit.EndToEnd.Servers;

/// <summary>OpenStack Swift with its S3 API on a free loopback port. The first call of <see cref="StartAsync"/> starts
/// it, so that a run without storage tests does not pay for it, once for all classes that take it as a constructor
/// argument.</summary>
public sealed class SwiftServer : IAsyncDisposable
{
    /// <summary>Swift needs about two seconds. The launcher itself gives up after a minute and says why.</summary>
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(70);

    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-swift-").FullName;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private IRunningProcess? _process;
    private int _port;

    private readonly TimeSpan _ahead;

    // Must run before any HTTP client is created: a client keeps the first proxy that it finds.
    public SwiftServer() => LocalhostNames.Resolve();

    /// <param name="ahead">How far the server's clock is ahead of the test's; negative: behind.</param>
    internal SwiftServer(TimeSpan ahead)
        : this() => _ahead = ahead;

    /// <summary>Keys of the user who owns all buckets.</summary>
    public static S3Keys Keys { get; } = new("test:tester", new Secret("s3cr3t-key-of-the-tester"));

    /// <summary>Keys of another known user, who may access none of these buckets.</summary>
    public static S3Keys StrangersKeys { get; } = new("test:stranger", new Secret("strange"));

    /// <summary><c>http://127.0.0.1:PORT</c>, for path style.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}";

    public int Port => _port != 0 ? _port : throw new InvalidOperationException("await StartAsync first");

    /// <summary>How to open a bucket of this server, path style.</summary>
    public S3Options Options => new() { Endpoint = Endpoint, Keys = Keys, PartAttemptsMax = 2 };

    /// <summary>Ready when this returns. After <see cref="KillAsync"/> it starts again with the same buckets at the
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
            var launcher = Path.Combine(RepositoryRoot(), "test", "servers", "swift", "run");
            _process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall(
                launcher, [_folder, _port.ToString(CultureInfo.InvariantCulture), .. Clock()]));
            using var reader = new StreamReader(_process.Output, leaveOpen: true);
            var line = await reader.ReadLineAsync(ct).AsTask().WaitAsync(StartMax, ct);
            if (line != $"ready {Endpoint}")
                throw new InvalidOperationException($"Swift did not start: {line} {_process.ErrorTail}");
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Like a crash of the machine: no server finishes anything.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts the server if needed, and creates an empty bucket with a new name.</summary>
    public async Task<string> MakeBucketAsync(CancellationToken ct)
    {
        await StartAsync(ct);
        var bucket = "godwit-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        using var client = OpenClient();
        await client.PutBucketAsync(new PutBucketRequest { BucketName = bucket }, ct);
        return bucket;
    }

    /// <summary>The SDK itself, for what <c>IObjectStore</c> does not offer. The caller disposes it.</summary>
    public AmazonS3Client OpenClient() => new(
        new BasicAWSCredentials(Keys.Id, Keys.Key.Reveal()),
        new AmazonS3Config
        {
            ServiceURL = Endpoint,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });

    /// <summary>All that the server keeps for a bucket: its objects, and the parts of uploads. Swift keeps the parts in
    /// a separate bucket that S3 cannot name. So this asks the container server itself, in the one of its 16 partitions
    /// that holds each.</summary>
    public async Task<IReadOnlyList<string>> KeptAsync(string bucket, CancellationToken ct)
    {
        using var http = new HttpClient();
        var kept = new List<string>();
        foreach (var container in new[] { bucket, bucket + "%2Bsegments" })
        {
            for (var partition = 0; partition < 16; partition++)
            {
                using var answer =
                    await http.GetAsync(new Uri($"http://127.0.0.3:{Port}/d1/{partition}/AUTH_test/{container}"), ct);
                if (answer.IsSuccessStatusCode)
                    kept.AddRange((await answer.Content.ReadAsStringAsync(ct))
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return kept;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _starting.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> Clock() =>
        _ahead == TimeSpan.Zero ? [] : [((int)_ahead.TotalSeconds).ToString(CultureInfo.InvariantCulture)];

    // The launcher uses the same port on four addresses.
    private static int FreePort()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                foreach (var address in new[] { "127.0.0.2", "127.0.0.3", "127.0.0.4" })
                {
                    using var other = new TcpListener(IPAddress.Parse(address), port);
                    other.Start();
                }

                return port;
            }
            catch (SocketException)
            {
                // In use on one of the addresses: try another port.
            }
        }

        throw new InvalidOperationException("no port is free on 127.0.0.1 to 127.0.0.4");
    }

    private static string RepositoryRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Godwit.slnx")))
                return folder;
        }

        throw new InvalidOperationException($"no Godwit.slnx above {AppContext.BaseDirectory}");
    }
}
