using System.Security.Cryptography;
using Godwit.Storage;

namespace Godwit.Tests.Storage;

/// <summary>A forward-only stream of bytes that follow from a seed, handed out in uneven pieces as a pipe does. Can
/// stop somewhere to let the test look around, or fail there.</summary>
public sealed class PatternStream(long length, int seed = 1) : ForwardOnlyStream
{
    /// <summary>A prime, so that a mistake by whole parts or pages meets other bytes.</summary>
    private const int PatternBytes = 1_048_573;

    /// <summary>Made once: drawing hundreds of megabytes anew takes more of a processor than sending them.</summary>
    private static readonly byte[] Pattern = MakePattern();

    private readonly Random _random = new(seed);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _given;
    private bool _stopped;

    /// <summary>After this many bytes <see cref="AtStop"/> is awaited once.</summary>
    public long StopAt { get; init; } = long.MaxValue;

    public Func<CancellationToken, Task> AtStop { get; init; } = _ => Task.CompletedTask;

    /// <summary>SHA-256 of what was handed out so far.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public long Given => _given;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_given >= StopAt && !_stopped)
        {
            _stopped = true;
            await AtStop(cancellationToken);
        }

        var wanted = (int)Math.Min(length - _given, Math.Min(buffer.Length, _random.Next(1, 128 * 1024)));
        for (var filled = 0; filled < wanted;)
        {
            var from = (int)((_given + filled + ((long)seed * 7919)) % PatternBytes);
            var count = Math.Min(wanted - filled, PatternBytes - from);
            Pattern.AsSpan(from, count).CopyTo(buffer.Span[filled..]);
            filled += count;
        }

        _hash.AppendData(buffer.Span[..wanted]);
        _given += wanted;
        return wanted;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] MakePattern()
    {
        var bytes = new byte[PatternBytes];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
