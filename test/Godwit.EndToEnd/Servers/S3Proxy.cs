using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Godwit.EndToEnd.Servers;

/// <summary>A proxy for a store's server. It passes bytes unchanged, so signatures stay valid, except for requests that
/// the test wants lost, refused or damaged.</summary>
public sealed class S3Proxy : IAsyncDisposable
{
    private const int HeadBytesMax = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly Func<string, Verdict> _judge;
    private readonly Func<string, string?> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = [];
    private readonly ConcurrentBag<Task> _calls = [];
    private readonly Task _accepting;
    private volatile bool _cut;

    /// <param name="judge">Gets the first line of each request, <c>PUT /bucket/key?partNumber=3 HTTP/1.1</c>.</param>
    /// <param name="answer">Answers a request in place of the server, as XML; null leaves it to the server. For answers
    /// that Swift never gives.</param>
    public S3Proxy(int serverPort, Func<string, Verdict> judge, Func<string, string?>? answer = null)
    {
        (_serverPort, _judge, _answer) = (serverPort, judge, answer ?? (_ => null));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Verdict
    {
        Pass,

        /// <summary>Access denied, in the service's own format.</summary>
        Refuse,

        /// <summary>Too many requests, in the service's own format.</summary>
        Busy,

        /// <summary>The connection breaks before the request reaches the server.</summary>
        LoseRequest,

        /// <summary>The server handles the request, and the connection breaks before its answer.</summary>
        LoseAnswer,

        /// <summary>The connection breaks in the middle of the body.</summary>
        LoseHalf,

        /// <summary>Read, and never answered.</summary>
        Stall,

        /// <summary>Answered with <see cref="S3Proxy.Busy"/>.</summary>
        Throttle,

        /// <summary>One bit of the body is flipped.</summary>
        Flip,

        /// <summary>Acknowledged with <see cref="Acknowledge"/>, but not passed to the server.</summary>
        Swallow,

        /// <summary>The server handles the request. <see cref="Meanwhile"/> runs before the answer is passed
        /// on.</summary>
        Delay,
    }

    /// <summary>A service's whole answer to too many requests, head and body.</summary>
    public string Busy { get; init; } = "";

    /// <summary>The service's whole answer after it has stored this body.</summary>
    public Func<byte[], string> Acknowledge { get; init; } = _ => "";

    public Func<Task> Meanwhile { get; init; } = () => Task.CompletedTask;

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    /// <summary>Gets the whole head of each request, with its line ends. A status and XML are answered in place of the
    /// server; null leaves the request to the other rules.</summary>
    public Func<string, Task<(string Status, string Xml)?>> Refuse { get; init; } = _ =>
        Task.FromResult<(string, string)?>(null);

    /// <summary>The part number of a request with this head; null: not a part.</summary>
    public static int? PartOf(string head) =>
        head.StartsWith("PUT ", StringComparison.Ordinal)
        && head.IndexOf("partNumber=", StringComparison.Ordinal) is >= 0 and var start
            ? int.Parse([.. head[(start + "partNumber=".Length)..].TakeWhile(char.IsAsciiDigit)],
                CultureInfo.InvariantCulture)
            : null;

    /// <summary>Breaks every connection, and every new one until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _open.Keys)
            socket.Dispose();
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        await Task.WhenAll(_calls);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _calls.Add(CallAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CallAsync(TcpClient client)
    {
        await Task.Yield();
        using var server = new TcpClient();
        using var both = client;
        _open[client] = 0;
        _open[server] = 0;
        try
        {
            if (_cut)
                return;
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
            await RequestAsync(client.GetStream(), server.GetStream());
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException or InvalidOperationException)
        {
            // One end has closed the connection.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
        }
    }

    // One request per connection, so that the answer ends when the server closes. No signature covers this header.
    private async Task RequestAsync(NetworkStream client, NetworkStream server)
    {
        if (await HeadAsync(client) is not { } head)
            return;
        var line = head[..head.IndexOf('\r', StringComparison.Ordinal)];
        var verdict = _judge(line);
        if (verdict is Verdict.LoseRequest || await TakenAsync(verdict, client, head))
            return;
        if (await Refuse(head) is { } refusal)
        {
            await ContinueAsync(client, head);
            await CopyAsync(client, Stream.Null, LengthOf(head));
            await AnswerAsync(client, refusal.Status, refusal.Xml);
            return;
        }

        if (_answer(line) is { } xml)
        {
            await AnswerAsync(client, "200 OK", xml);
            return;
        }

        // A client that saw no byte of an answer would repeat the whole request by itself.
        if (verdict is Verdict.LoseAnswer or Verdict.LoseHalf)
            await ContinueAsync(client, head);
        await using var kept = new MemoryStream();
        var answer = server.CopyToAsync(verdict switch
        {
            Verdict.LoseAnswer or Verdict.LoseHalf => Stream.Null,
            Verdict.Delay => kept,
            _ => client,
        }, _stop.Token);
        var passed = head[..^2].Replace("\r\nConnection: keep-alive", "", StringComparison.OrdinalIgnoreCase)
            + "Connection: close\r\n\r\n";
        await server.WriteAsync(Encoding.Latin1.GetBytes(passed), _stop.Token);
        var length = LengthOf(head);
        if (verdict == Verdict.LoseHalf)
        {
            await CopyAsync(client, server, length / 2);
            return;
        }

        await CopyAsync(client, server, length, flips: verdict == Verdict.Flip);
        await answer;
        if (verdict == Verdict.Delay)
        {
            await Meanwhile();
            await client.WriteAsync(kept.ToArray(), _stop.Token);
        }
    }

    /// <summary>True when the proxy has handled the request.</summary>
    private async Task<bool> TakenAsync(Verdict verdict, NetworkStream client, string head)
    {
        if (verdict is not (Verdict.Refuse or Verdict.Busy or Verdict.Stall or Verdict.Throttle or Verdict.Swallow))
            return false;
        await ContinueAsync(client, head);
        await using var body = new MemoryStream();
        await CopyAsync(client, body, LengthOf(head));
        if (verdict == Verdict.Refuse)
            await AnswerAsync(client, "403 Forbidden",
                "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>");
        else if (verdict == Verdict.Busy)
            await AnswerAsync(client, "503 Slow Down",
                "<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>It is busy.</Message></Error>");
        else if (verdict == Verdict.Stall)
            await client.CopyToAsync(Stream.Null, _stop.Token);
        else
            await client.WriteAsync(
                Encoding.ASCII.GetBytes(verdict == Verdict.Throttle ? Busy : Acknowledge(body.ToArray())), _stop.Token);
        return true;
    }

    private async Task AnswerAsync(NetworkStream client, string status, string body)
    {
        var answer = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\n"
            + $"Connection: close\r\n\r\n{body}");
        await client.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
    }

    private async Task ContinueAsync(NetworkStream client, string head)
    {
        if (head.Contains("100-continue", StringComparison.OrdinalIgnoreCase))
            await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
    }

    private async Task<string?> HeadAsync(NetworkStream client)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < HeadBytesMax)
        {
            if (await client.ReadAsync(one, _stop.Token) == 0)
                return null;
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
                return head.ToString();
        }

        return null;
    }

    private async Task CopyAsync(NetworkStream from, Stream to, long bytes, bool flips = false)
    {
        var buffer = new byte[128 * 1024];
        while (bytes > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), _stop.Token);
            if (read == 0)
                throw new IOException("the client hung up");
            if (flips && bytes == read)
                buffer[read - 1] ^= 1;
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            bytes -= read;
        }
    }

    private static long LengthOf(string head)
    {
        const string Name = "\r\nContent-Length:";
        var start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return start < 0
            ? 0
            : long.Parse(head.AsSpan(start + Name.Length, head.IndexOf('\r', start + 2) - start - Name.Length),
                NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }
}
