using System.Text;

namespace Godwit.PgArchive;

/// <summary>A text of an archive: bytes in the dumped database's encoding, kept unchanged. Texts with the same bytes
/// are equal. An absent text (SQL's null) is <c>null</c>; <c>default</c> is the empty text.</summary>
public readonly struct ArchiveText : IEquatable<ArchiveText>
{
    private readonly byte[]? _bytes;

    private ArchiveText(byte[] bytes) => _bytes = bytes;

    /// <summary>Without a terminator. Texts read from an archive hold no zero byte.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>In bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    public static ArchiveText Of(ReadOnlySpan<byte> bytes) => new(bytes.ToArray());

    /// <summary>The UTF-8 bytes of <paramref name="text"/>.</summary>
    public static ArchiveText Of(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Keeps <paramref name="bytes"/> uncopied: nobody else may change them.</summary>
    internal static ArchiveText Own(byte[] bytes) => new(bytes);

    /// <inheritdoc/>
    public bool Equals(ArchiveText other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ArchiveText other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash(Bytes);

    internal static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>For people: decoded as UTF-8, invalid bytes as the replacement character.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <summary>Same bytes.</summary>
    public static bool operator ==(ArchiveText left, ArchiveText right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(ArchiveText left, ArchiveText right) => !left.Equals(right);
}
