namespace Godwit.PgArchive;

/// <summary>What is wrong with an archive.</summary>
public enum ArchiveProblem
{
    /// <summary>The file is not an archive.</summary>
    NotAnArchive,

    /// <summary>The archive ends early.</summary>
    Truncated,

    /// <summary>The content contradicts the format or itself.</summary>
    Corrupted,

    /// <summary>An archive of a kind that this library does not read.</summary>
    Unsupported,

    /// <summary>A length or a count exceeds <see cref="ArchiveLimits"/>.</summary>
    LimitExceeded,
}

/// <summary>An archive cannot be read. The library throws no other exception because of an archive's content.
/// Exceptions of the stream pass unchanged.</summary>
/// <param name="cause">The decompressor's exception.</param>
public sealed class ArchiveException(
    ArchiveProblem problem, long offset, string what, string why, string remedy, Exception? cause = null)
    : Exception($"{what}: {why} (byte {offset}). {remedy}", cause)
{
    /// <summary>The kind.</summary>
    public ArchiveProblem Problem { get; } = problem;

    /// <summary>In bytes from the start of the archive.</summary>
    public long Offset { get; } = offset;

    /// <summary>What failed, as a clause.</summary>
    public string What { get; } = what;

    /// <summary>The cause, as a clause.</summary>
    public string Why { get; } = why;

    /// <summary>What to do, as whole sentences.</summary>
    public string Remedy { get; } = remedy;
}
