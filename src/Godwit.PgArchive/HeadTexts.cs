using System.Buffers.Text;

namespace Godwit.PgArchive;

/// <summary>Reads texts of the header and the table of contents: a length, or -1 for an absent text, then the
/// bytes.</summary>
internal sealed class HeadTexts(ArchiveInput input, ArchiveLimits limits)
{
    // Bytes allocated for a text before they arrive; doubled as needed.
    private const int BytesAtFirst = 256 * 1024;

    // Longer texts are rarely repeated.
    private const int SharedLengthMax = 64;

    // Limits the shared texts: kinds, schemas, owners. Further ones are not shared.
    private const int SharedMax = 4096;

    private readonly Dictionary<ArchiveText, ArchiveText> _shared = new(TextComparer.Instance);

    public ValueTask<ArchiveText?> ReadAsync(CancellationToken ct)
    {
        if (input.Ahead < ArchiveInput.IntegerBytes)
            return SlowAsync(ct);
        var length = input.DecodeInteger(input.Buffered);
        if (length > input.Ahead - ArchiveInput.IntegerBytes)
            return SlowAsync(ct);
        Check(length);
        input.Take(ArchiveInput.IntegerBytes);
        return new(length < 0 ? null : Make(input.Take(length)));
    }

    private async ValueTask<ArchiveText?> SlowAsync(CancellationToken ct)
    {
        await input.RequireAsync(ArchiveInput.IntegerBytes, ct);
        var length = input.DecodeInteger(input.Buffered);
        Check(length);
        input.Take(ArchiveInput.IntegerBytes);
        if (length < 0)
            return null;
        if (length <= ArchiveInput.BufferBytes)
        {
            await input.RequireAsync(length, ct);
            return Make(input.Take(length));
        }

        return await LongAsync(length, ct);
    }

    // For texts longer than the buffer. A false length costs at most twice the memory of the actual bytes.
    private async ValueTask<ArchiveText?> LongAsync(int length, CancellationToken ct)
    {
        var at = input.Position;
        var bytes = new byte[Math.Min(length, BytesAtFirst)];
        var filled = 0;
        while (filled < length)
        {
            if (filled == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            var read = await input.ReadAsync(bytes.AsMemory(filled), ct);
            if (read == 0)
                throw ArchiveErrors.Truncated(input.Position, input.Inside());
            filled += read;
        }

        RefuseZeroBytes(bytes, at);
        return ArchiveText.Own(bytes);
    }

    private void Check(int length)
    {
        if (length < -1)
            throw Corrupted($"the length of a text is {length}");
        if (length > limits.TextBytesMax)
            throw ArchiveErrors.TooMuch(input.Position, input.Inside(), "the length of a text", length,
                limits.TextBytesMax, nameof(ArchiveLimits.TextBytesMax));
        if (input.Position + length > limits.HeadBytesMax)
        {
            throw ArchiveErrors.TooMuch(input.Position, input.Inside(), "the end of a text in bytes",
                input.Position + length, limits.HeadBytesMax, nameof(ArchiveLimits.HeadBytesMax));
        }
    }

    private ArchiveText Make(ReadOnlySpan<byte> bytes)
    {
        RefuseZeroBytes(bytes, input.Position - bytes.Length);
        if (bytes.Length > SharedLengthMax)
            return ArchiveText.Of(bytes);
        var lookup = _shared.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(bytes, out var known))
            return known;
        var made = ArchiveText.Of(bytes);
        if (_shared.Count < SharedMax)
            _shared.Add(made, made);
        return made;
    }

    // PostgreSQL's programs end a text at a zero byte, so they would see another name.
    private void RefuseZeroBytes(ReadOnlySpan<byte> bytes, long at)
    {
        var zero = bytes.IndexOf((byte)0);
        if (zero >= 0)
            throw ArchiveErrors.Corrupted(at + zero, input.Inside(), "a text holds a zero byte");
    }

    public async ValueTask<ArchiveText> RequiredAsync(string what, CancellationToken ct)
    {
        var at = input.Position;
        return await ReadAsync(ct) ?? throw ArchiveErrors.Corrupted(at, input.Inside(), $"the {what} is absent");
    }

    /// <summary>Written as a decimal number.</summary>
    public async ValueTask<uint> OidAsync(CancellationToken ct)
    {
        var at = input.Position;
        var text = await RequiredAsync("OID", ct);
        return Utf8Parser.TryParse(text.Bytes, out uint oid, out var used) && used == text.Length && IsPlain(text.Bytes)
            ? oid : throw ArchiveErrors.Corrupted(at, input.Inside(), $"the OID is '{Shown(text)}'");
    }

    /// <summary>Written as a decimal number; null at the end of the list.</summary>
    public async ValueTask<int?> DependencyAsync(CancellationToken ct)
    {
        var at = input.Position;
        if (await ReadAsync(ct) is not { } text)
            return null;
        return Utf8Parser.TryParse(text.Bytes, out int id, out var used) && used == text.Length && IsPlain(text.Bytes)
            ? id : throw ArchiveErrors.Corrupted(at, input.Inside(), $"a dependency is '{Shown(text)}'");
    }

    public async ValueTask<bool> BooleanAsync(CancellationToken ct)
    {
        var at = input.Position;
        var text = await RequiredAsync("mark for OIDs", ct);
        return text.Bytes.SequenceEqual("true"u8)
            || (text.Bytes.SequenceEqual("false"u8) ? false : throw ArchiveErrors.Corrupted(at, input.Inside(),
                $"the mark for OIDs is '{Shown(text)}'"));
    }

    // Accepts only pg_dump's form, without sign or leading zero, so that writing the number again gives the same bytes.
    private static bool IsPlain(ReadOnlySpan<byte> number) =>
        number[0] is >= (byte)'1' and <= (byte)'9' || number.SequenceEqual("0"u8);

    private static string Shown(ArchiveText text) =>
        text.Length <= SharedLengthMax ? text.ToString() : $"{ArchiveText.Of(text.Bytes[..SharedLengthMax])}…";

    private ArchiveException Corrupted(string why) => ArchiveErrors.Corrupted(input.Position, input.Inside(), why);

    // The hash is seeded per process, so nobody can choose names that collide.
    private sealed class TextComparer
        : IEqualityComparer<ArchiveText>, IAlternateEqualityComparer<ReadOnlySpan<byte>, ArchiveText>
    {
        public static readonly TextComparer Instance = new();

        public bool Equals(ArchiveText x, ArchiveText y) => x.Equals(y);

        public int GetHashCode(ArchiveText obj) => obj.GetHashCode();

        public bool Equals(ReadOnlySpan<byte> alternate, ArchiveText other) => alternate.SequenceEqual(other.Bytes);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => ArchiveText.Hash(alternate);

        public ArchiveText Create(ReadOnlySpan<byte> alternate) => ArchiveText.Of(alternate);
    }
}
