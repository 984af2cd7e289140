// Dump: one consistent snapshot of the source, streamed into the store as a pg_dump archive in custom format.
//
// The engine that makes the archive and the step that puts it into the store know each other only as a stream:
// no byte of it touches this machine's disk.
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.Dump;

/// <summary>Makes an archive.</summary>
public interface IDumpEngine
{
    /// <summary>What it is, for the plan: <c>pg_dump 15</c>.</summary>
    string Name { get; }

    /// <summary>What is to be said before the dump begins: that the source is a standby, and what follows from
    /// that.</summary>
    IReadOnlyList<Finding> Notes { get; }

    /// <summary>Starts at once.</summary>
    /// <param name="headMayBeLate">Whether the output can take the archive's beginning last. Without it the archive
    /// does not tell where each table's data lies, and pg_restore has to look.</param>
    /// <param name="ct">Cancels the starting and the dump.</param>
    /// <exception cref="FaultException">It cannot start.</exception>
    Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct);
}

/// <summary>An archive while it is made. Disposing it stops the dump.</summary>
/// <param name="Body">Reading it throws instead of ending when the archive is not whole.</param>
/// <param name="Head">Stands before the body; null when the body is all there is.</param>
/// <param name="Totals">What was read so far.</param>
public sealed record DumpedArchive(Stream Body, LateHead? Head, DumpTotals Totals) : IAsyncDisposable
{
    /// <summary>What the archive is without; null where nobody looked, because all is as pg_dump wrote it.</summary>
    public CleanedContents? Cleaned { get; init; }

    /// <summary>What all that is read takes at the source: the archive is hardly ever larger. Null when nobody
    /// looked.</summary>
    public long? SourceBytes { get; init; }

    /// <summary>For a store.</summary>
    public ObjectUpload ToUpload(IProgress<long> sentBytes) =>
        new(Body) { Head = Head, ExpectedBytes = SourceBytes, SentBytes = sentBytes };

    public ValueTask DisposeAsync() => Body.DisposeAsync();
}

/// <summary>Is told how a dump goes on, by several workers at once.</summary>
public interface IDumpWatch
{
    /// <summary>Once, before the first row.</summary>
    /// <param name="sourceBytes">What all that is to be read takes at the source.</param>
    void Planned(long sourceBytes);

    /// <summary>More was read.</summary>
    /// <param name="sourceBytes">Of those planned.</param>
    /// <param name="rows">0 where nobody counts them.</param>
    /// <param name="archiveBytes">What it became in the archive; 0 where nobody knows.</param>
    void Advanced(long sourceBytes, long rows, long archiveBytes);

    /// <summary>The source has no connection left for all jobs.</summary>
    void FewerJobs(int wanted, int had);

    /// <summary>Somebody keeps pg_dump from reading the definitions.</summary>
    void Waits(LockWait wait);
}

/// <summary>What a dump has read. Final when its stream has ended.</summary>
public sealed class DumpTotals
{
    private long _rows;
    private long _dataBytes;

    /// <summary>Tables whose rows are in the archive; null where nobody counted.</summary>
    public int? Tables { get; init; }

    public int? LargeObjects { get; init; }

    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Of rows as text and of large objects, before they were compressed.</summary>
    public long DataBytes => Interlocked.Read(ref _dataBytes);

    public void Add(long rows, long dataBytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _dataBytes, dataBytes);
    }
}
