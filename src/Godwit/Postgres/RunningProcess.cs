using System.ComponentModel;
using System.Diagnostics;
using Godwit.Faults;

namespace Godwit.Postgres;

internal sealed class RunningProcess : IRunningProcess
{
    // For a process that hangs after it was killed.
    private static readonly TimeSpan KillWaitMax = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyCollection<Secret?> _secrets;
    private readonly Queue<string> _tail = new();
    private readonly Task _errors;
    private Action<string>? _onErrorLine;
    private bool _isDisposed;

    public RunningProcess(Process process, TimeProvider clock, IReadOnlyCollection<Secret?> secrets)
    {
        (_process, _clock, _secrets) = (process, clock, secrets);
        _errors = Task.Run(CollectErrorsAsync);
    }

    public int Id => _process.Id;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Action<string>? OnErrorLine
    {
        get => _onErrorLine;
        set
        {
            // The program may have written lines or ended before.
            lock (_tail)
            {
                _onErrorLine = value;
                foreach (var line in value is null ? [] : _tail)
                    value!(line);
            }
        }
    }

    public string ErrorTail
    {
        get
        {
            lock (_tail)
                return string.Join('\n', _tail);
        }
    }

    public async Task<int> WaitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        await _errors.WaitAsync(ct);
        return _process.ExitCode;
    }

    public async Task<int?> WaitAsync(TimeSpan max, CancellationToken ct)
    {
        using var limit = new TimeLimit(max, _clock, ct);
        try
        {
            return await WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // The process or a child has already ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            Kill();
            using var limit = new TimeLimit(KillWaitMax, _clock);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _process.Dispose();
    }

    private async Task CollectErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            var clean = Redactor.Clean(line, _secrets);
            lock (_tail)
            {
                _tail.Enqueue(clean);
                if (_tail.Count > IRunningProcess.ErrorTailLinesMax)
                    _tail.Dequeue();
                _onErrorLine?.Invoke(clean);
            }
        }
    }
}
