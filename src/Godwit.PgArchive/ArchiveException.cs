namespace Godwit.PgArchive;

/// <summary>What is wrong with an archive.</summary>
public enum ArchiveProblem
{
    /// <summary>The bytes are something else.</summary>
    NotAnArchive,

    /// <summary>The bytes end in the middle.</summary>
    Truncated,

    /// <summary>The bytes contradict the format or each other.</summary>
    Corrupted,

    /// <summary>An archive, but of a kind this library does not read.</summary>
    Unsupported,

    /// <summary>A length or a count is beyond what <see cref="ArchiveLimits"/> allows.</summary>
    LimitExceeded,
}

/// <summary>An archive cannot be read. The only exception the library throws because of an archive's content; failures
/// of the stream itself pass through.</summary>
/// <param name="problem">What is wrong.</param>
/// <param name="offset">Where, in bytes from the start of the archive.</param>
/// <param name="what">What could not be done, as a clause.</param>
/// <param name="why">The cause, as a clause.</param>
/// <param name="remedy">What to do about it, as whole sentences.</param>
/// <param name="cause">What the decompressor said, if it was that.</param>
public sealed class ArchiveException(
    ArchiveProblem problem, long offset, string what, string why, string remedy, Exception? cause = null)
    : Exception($"{what}: {why} (byte {offset}). {remedy}", cause)
{
    /// <summary>What is wrong.</summary>
    public ArchiveProblem Problem { get; } = problem;

    /// <summary>Where, in bytes from the start of the archive.</summary>
    public long Offset { get; } = offset;

    /// <summary>What could not be done, as a clause.</summary>
    public string What { get; } = what;

    /// <summary>The cause, as a clause.</summary>
    public string Why { get; } = why;

    /// <summary>What to do about it, as whole sentences.</summary>
    public string Remedy { get; } = remedy;
}
