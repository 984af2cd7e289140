// HerokuCli: the proof that `godwit heroku-local` cannot be told from Heroku.
//
// Every story here is driven by the real Heroku CLI, unchanged, as npm delivers it. What it printed and what PostgreSQL
// holds afterwards are both asserted: a server that only says "done" would fail here, and so would one that does the
// work and answers with a shape the CLI cannot read.
using System.Text;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.HerokuCli;

/// <summary>The real Heroku CLI with a home of its own, pointed at one server on this machine and at nothing
/// else.</summary>
/// <remarks>One call at a time: the CLI writes <c>~/.gitconfig</c> under a lock. Two calls at once need two of
/// these.</remarks>
internal sealed class Cli : IDisposable
{
    /// <summary>The longest honest call is a restore that is polled every 3 s; a CLI that hangs is stopped
    /// here.</summary>
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(90);

    /// <summary>What a program needs of our own environment to start at all. Nothing else is passed on: not a token,
    /// not a proxy.</summary>
    private static readonly HashSet<string> Inherited = ["PATH", "TMPDIR", "LANG", "USER"];

    private readonly string _home = Directory.CreateTempSubdirectory("godwit-cli-").FullName;
    private readonly Dictionary<string, Secret?> _environment;
    private int _calls;

    public Cli(Uri server, string token)
        : this(PointingAt(server, token))
    {
    }

    /// <param name="pointing">Which Heroku it talks to, and as whom.</param>
    public Cli(IReadOnlyDictionary<string, Secret> pointing)
    {
        _environment = EnvironmentFor(pointing, _home);
        AssertStaysHere(_environment);
    }

    /// <summary>Runs <c>heroku …</c> to its end.</summary>
    public async Task<Said> RunAsync(params string[] arguments)
    {
        await using var call = Start(arguments);
        return await call.EndAsync();
    }

    /// <summary>Starts <c>heroku …</c> and returns while it runs.</summary>
    /// <remarks>Its standard error goes through a file: progress is written without line ends, and the runner hands on
    /// whole lines only.</remarks>
    public CliCall Start(params string[] arguments)
    {
        AssertStaysHere(_environment);
        var errors = Path.Combine(_home, $"errors-{++_calls}");
        var call = new ProgramCall("/bin/sh",
            ["-c", "exec \"$0\" \"$@\" 2> \"$ERRORS\"", CliTools.Heroku, .. arguments])
        {
            Environment = new Dictionary<string, Secret?>(_environment) { ["ERRORS"] = new(errors) },
            WorkingDirectory = _home,
        };
        File.WriteAllText(errors, "");
        return new CliCall(new ProcessRunner(TimeProvider.System)
            .Start(call), errors, "heroku " + string.Join(' ', arguments), CallMax);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    /// <summary>Throws unless every address the CLI may call is this machine.</summary>
    /// <remarks>The CLI answers a HEROKU_HOST it does not like with one warning line and the real api.heroku.com: this
    /// is checked before each start.</remarks>
    internal static void AssertStaysHere(IReadOnlyDictionary<string, Secret?> environment)
    {
        foreach (var name in new[] { "HEROKU_HOST", "HEROKU_PARTICLEBOARD_URL" })
        {
            Assert.True(Uri.TryCreate(environment[name]?.Reveal(), UriKind.Absolute, out var url),
                $"{name} is not a URL");
            Assert.Equal(("http", "127.0.0.1"), (url.Scheme, url.Host));
        }

        Assert.Equal("127.0.0.1", environment["HEROKU_DATA_HOST"]?.Reveal());
        Assert.Equal("true", environment["DISABLE_TELEMETRY"]?.Reveal());
    }

    internal static Dictionary<string, Secret> PointingAt(Uri server, string token) => new()
    {
        ["HEROKU_HOST"] = new(server.GetLeftPart(UriPartial.Authority)),
        // The Data API takes its port and its scheme from HEROKU_HOST.
        ["HEROKU_DATA_HOST"] = new(server.Host),
        ["HEROKU_PARTICLEBOARD_URL"] = new(server.GetLeftPart(UriPartial.Authority)),
        ["HEROKU_API_KEY"] = new(token),
        ["NO_PROXY"] = new("127.0.0.1,localhost"),
        ["DISABLE_TELEMETRY"] = new("true"),
        ["HEROKU_SKIP_NEW_VERSION_CHECK"] = new("true"),
        ["HEROKU_DISABLE_AUTOUPDATE"] = new("1"),
    };

    internal static Dictionary<string, Secret?> EnvironmentFor(
        IReadOnlyDictionary<string, Secret> pointing, string home)
    {
        var environment = new Dictionary<string, Secret?>();
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (!Inherited.Contains(name))
                environment[name] = null;
        }

        foreach (var (name, value) in pointing)
            environment[name] = value;
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["XDG_DATA_HOME"] = Path.Combine(home, ".local/share"),
            ["XDG_CONFIG_HOME"] = Path.Combine(home, ".config"),
            ["XDG_CACHE_HOME"] = Path.Combine(home, ".cache"),
            ["PATH"] = CliTools.PsqlFolder + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["HEROKU_NETRC_WRITE"] = "true",
            // Whatever we overlooked meets a closed port instead of the internet (discard, RFC 863; nothing
            // listens there).
            ["HTTP_PROXY"] = "http://127.0.0.1:9",
            ["HTTPS_PROXY"] = "http://127.0.0.1:9",
            ["NO_COLOR"] = "1",
            ["TERM"] = "dumb",
            // Tables are cut to the terminal's width; there is none.
            ["OCLIF_TABLE_COLUMN_OVERRIDE"] = "200",
            ["LC_ALL"] = "C.UTF-8",
            ["TZ"] = "UTC",
        })
        {
            environment[name] = new Secret(value);
        }

        return environment;
    }
}

/// <summary>One running call of the CLI.</summary>
internal sealed class CliCall : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly IRunningProcess _process;
    private readonly string _errors;
    private readonly string _line;
    private readonly CancellationTokenSource _limit;
    private readonly Task<string> _output;

    public CliCall(IRunningProcess process, string errors, string line, TimeSpan max)
    {
        _process = process;
        _errors = errors;
        _line = line;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _limit.CancelAfter(max);
        _output = ReadAsync();
    }

    /// <summary>Waits until this stands on standard error, where progress is reported.</summary>
    public async Task UntilReportsAsync(string text)
    {
        while (!(await ErrorsAsync()).Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_output.IsCompleted, $"{_line} ended without '{text}': {await ErrorsAsync()}");
            await Task.Delay(LookEvery, _limit.Token);
        }
    }

    public async Task<Said> EndAsync()
    {
        try
        {
            var output = await _output;
            var exit = await _process.WaitAsync(_limit.Token);
            return new Said(_line, exit, output, await ErrorsAsync());
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"{_line} did not end. So far: {await File.ReadAllTextAsync(_errors, CancellationToken.None)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _limit.Dispose();
    }

    private Task<string> ErrorsAsync() => File.ReadAllTextAsync(_errors, _limit.Token);

    private async Task<string> ReadAsync()
    {
        using var reader = new StreamReader(_process.Output, Encoding.UTF8);
        return await reader.ReadToEndAsync(_limit.Token);
    }
}
