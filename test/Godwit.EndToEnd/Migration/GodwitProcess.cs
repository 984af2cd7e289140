using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.EndToEnd.Migration;

/// <summary>The real binary as a process. Its standard error goes to a file, unmasked, because tests look for secrets
/// there.</summary>
public sealed class GodwitProcess : IAsyncDisposable
{
    /// <summary>A journey takes seconds, or a minute on a loaded machine. After this time it hangs.</summary>
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(4);

    private readonly IRunningProcess _process;
    private readonly string _errorFile;
    private readonly StringBuilder _output = new();
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string> Seen)> _waiting = [];
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private bool _ended;

    public GodwitProcess(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, Secret?> environment, string errorFile)
    {
        // Tests of secrets watch all processes of the machine, and would mistake this argument for a leak of theirs.
        Assert.All(arguments, argument => Assert.False(argument.Contains(GodwitRig.SecretMark,
            StringComparison.Ordinal), $"a test shows everybody a secret: {argument}"));
        _errorFile = errorFile;
        // exec: KillAsync must kill Godwit itself, not a shell around it.
        _process = new ProcessRunner(TimeProvider.System).Start(new ProgramCall("/bin/sh",
            ["-c", "exec \"$@\" 2> \"$GODWIT_TEST_STDERR\"", "sh", "dotnet", GodwitProgram.Dll, .. arguments])
        {
            // The runtime opens sockets and pipes for debuggers in the temporary folder. A killed process cannot remove
            // them.
            Environment = new Dictionary<string, Secret?>(environment)
            {
                ["GODWIT_TEST_STDERR"] = new(errorFile), ["DOTNET_EnableDiagnostics"] = new("0"),
            },
        });
        _reading = Task.Run(ReadAsync);
    }

    public int Id => _process.Id;

    /// <summary>The first matching line of standard output, also an earlier one.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits)
    {
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (Lines(_output.ToString()).FirstOrDefault(fits) is { } line)
                return line;
            if (_ended)
                seen.SetException(NotSeen());
            else
                _waiting.Add((fits, seen));
        }

        return await seen.Task.WaitAsync(EndMax, TestContext.Current.CancellationToken);
    }

    /// <summary>With <c>--json</c>: the first event of this kind, e.g. <c>step_done</c> of <c>dump</c>.</summary>
    public async Task<JsonNode> EventAsync(string kind, string? step = null) =>
        JsonNode.Parse(await LineAsync(line => line.StartsWith('{') && JsonNode.Parse(line) is { } seen
            && seen["event"]!.GetValue<string>() == kind
            && (step is null || seen["step"]?.GetValue<string>() == step)))!;

    /// <summary>kill -9 for Godwit only. Its children notice by themselves, or not at all.</summary>
    public async Task KillAsync()
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // Godwit ended between the event and the kill.
        }

        await EndAsync();
    }

    /// <param name="signal">The signal's name for kill: INT, TERM.</param>
    public async Task SignalAsync(string signal)
    {
        await using var kill = new ProcessRunner(TimeProvider.System)
            .Start(new ProgramCall("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]));
        Assert.Equal(0, await kill.WaitAsync(TestContext.Current.CancellationToken));
    }

    public async Task<GodwitEnd> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(EndMax);
        var code = await _process.WaitAsync(limit.Token);
        await _reading;
        return new(code, _output.ToString(), await File.ReadAllTextAsync(_errorFile, limit.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _reading;
    }

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task ReadAsync()
    {
        using var reader = new StreamReader(_process.Output);
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_gate)
            {
                _output.Append(line).Append('\n');
                foreach (var one in _waiting.Where(one => one.Fits(line)).ToList())
                {
                    one.Seen.SetResult(line);
                    _waiting.Remove(one);
                }
            }
        }

        lock (_gate)
        {
            _ended = true;
            foreach (var (_, seen) in _waiting)
                seen.SetException(NotSeen());
            _waiting.Clear();
        }
    }

    private InvalidOperationException NotSeen() =>
        new($"Godwit ended without the awaited line. It said:\n{_output}\n{File.ReadAllText(_errorFile)}");
}

/// <summary>A command's exit code and output.</summary>
public sealed record GodwitEnd(int Code, string Output, string Error)
{
    public string Everything => $"exit code {Code.ToString(CultureInfo.InvariantCulture)}\n{Output}\n{Error}";

    /// <summary>Events of a command with <c>--json</c>. Each line must be an object.</summary>
    public IReadOnlyList<JsonNode> Events =>
        [.. GodwitProcess.Lines(Output)
            .Select(line => JsonNode.Parse(line) as JsonObject ?? throw new JsonException($"no object: {line}"))];

    public GodwitEnd Expect(int code)
    {
        Assert.True(Code == code, $"expected exit code {code}, but: {Everything}");
        return this;
    }

    /// <summary>Asserts that the output contains the text.</summary>
    public GodwitEnd Says(string text)
    {
        Assert.True(Output.Contains(text, StringComparison.Ordinal) || Error.Contains(text, StringComparison.Ordinal),
            $"expected \"{text}\", but: {Everything}");
        return this;
    }
}
