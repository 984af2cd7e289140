using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Godwit.EndToEnd.Servers;

/// <summary>A breakable network connection between a program and a server on this machine. With several servers it is a
/// load balancer that takes them in turn.</summary>
public sealed class TcpLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int[] _serverPorts;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private readonly ConcurrentBag<Task> _flows = [];
    private readonly Task _accepting;
    private volatile bool _isCut;
    private long _answered;
    private int _waiting;
    private int _waitingMost;

    public TcpLine(params int[] serverPorts)
    {
        _serverPorts = serverPorts;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A delay before each piece is passed on, in either direction.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Replaces the first bytes by the second, of the same length, in either direction, if they arrive in one
    /// piece.</summary>
    public (byte[] Said, byte[] Heard)? Mishears { get; init; }

    /// <summary>Each connection breaks after this many bytes from the server.</summary>
    public long BreakAfterBytes { get; init; } = long.MaxValue;

    /// <summary>Bytes from the server over all connections.</summary>
    public long AnsweredBytes => Interlocked.Read(ref _answered);

    /// <summary>The most connections that had a piece of an answer on its way at the same time. Needs a
    /// <see cref="Delay"/>.</summary>
    public int AnsweringMost => Volatile.Read(ref _waitingMost);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks every connection, and every new one until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var end in _ends)
            end.Dispose();
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        _listener.Dispose();
        await ((Task)Task.WhenAll([_accepting, .. _flows])).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (var turn = 0; ; turn++)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ends.Add(client);
            if (_isCut)
            {
                client.Dispose();
                continue;
            }

            var server = new TcpClient();
            _ends.Add(server);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPorts[turn % _serverPorts.Length], _stop.Token);
            }
            catch (SocketException)
            {
                // The server is gone, so this connection is closed too.
                client.Dispose();
                continue;
            }

#pragma warning disable CA2025 // Disposing an end is how a flow is ended; all of them are waited for.
            _flows.Add(FlowAsync(client, server, isAnswer: false));
            _flows.Add(FlowAsync(server, client, isAnswer: true));
#pragma warning restore CA2025
        }
    }

    private async Task FlowAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        try
        {
            await CopyPiecesAsync(from.GetStream(), to.GetStream(), isAnswer);
        }
        finally
        {
            // When one direction ends, both end, as a database expects.
            from.Dispose();
            to.Dispose();
        }
    }

    private async Task CopyPiecesAsync(NetworkStream from, NetworkStream to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        var left = isAnswer ? BreakAfterBytes : long.MaxValue;
        while (left > 0 && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), _stop.Token)
            is var read and > 0)
        {
            if (Delay > TimeSpan.Zero)
                await WaitAsync(isAnswer);
            if (Mishears is { } words && buffer.AsSpan(0, read).IndexOf(words.Said) is >= 0 and var at)
                words.Heard.CopyTo(buffer, at);
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            left -= read;
            if (isAnswer)
                Interlocked.Add(ref _answered, read);
        }
    }

    private async Task WaitAsync(bool isAnswer)
    {
        if (isAnswer)
            Count(Interlocked.Increment(ref _waiting));
        await Task.Delay(Delay, _stop.Token);
        if (isAnswer)
            Interlocked.Decrement(ref _waiting);
    }

    private void Count(int waiting)
    {
        for (var most = _waitingMost;
            most < waiting && Interlocked.CompareExchange(ref _waitingMost, waiting, most) != most;)
            most = _waitingMost;
    }
}
