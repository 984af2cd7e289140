// Dump: streams one consistent snapshot of the source into the store, as a pg_dump archive in custom format.
//
// No byte of the archive touches this machine's disk. The engine that makes the archive does not know where it goes;
// the step that stores it does not know how it is made.
using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Storage;

namespace Godwit.Dump;

public interface IDumpEngine
{
    /// <summary>For the plan: <c>pg_dump 15</c>.</summary>
    string Name { get; }

    /// <summary>Reported before the dump begins: that the source is a standby, and what follows.</summary>
    IReadOnlyList<Finding> Notes { get; }

    /// <param name="headMayBeLate">The output can take the archive's beginning last. Otherwise the archive lacks the
    /// offsets of the tables' data, and pg_restore has to search.</param>
    /// <param name="ct">Cancels the start and the dump.</param>
    Task<DumpedArchive> OpenAsync(IDumpWatch watch, bool headMayBeLate, CancellationToken ct);
}

/// <summary>An archive that is being made. Disposing it stops the dump.</summary>
/// <param name="Body">Throws instead of ending if the archive is not whole.</param>
/// <param name="Head">Precedes the body; null: the body is the whole archive.</param>
/// <param name="Totals">What was read so far.</param>
public sealed record DumpedArchive(Stream Body, LateHead? Head, DumpTotals Totals) : IAsyncDisposable
{
    /// <summary>Null: all is as pg_dump wrote it.</summary>
    public CleanedContents? Cleaned { get; init; }

    /// <summary>Size at the source of all that is read; the archive is hardly ever larger. Null: not known.</summary>
    public long? SourceBytes { get; init; }

    public ObjectUpload ToUpload(IProgress<long> sentBytes) =>
        new(Body) { Head = Head, ExpectedBytes = SourceBytes, SentBytes = sentBytes };

    public ValueTask DisposeAsync() => Body.DisposeAsync();
}

/// <summary>Receives a dump's progress, from several workers at once.</summary>
public interface IDumpWatch
{
    /// <summary>Once, before the first row.</summary>
    /// <param name="sourceBytes">Size at the source of all that will be read.</param>
    void Planned(long sourceBytes);

    /// <param name="sourceBytes">Part of the planned bytes.</param>
    /// <param name="rows">0 if rows are not counted.</param>
    /// <param name="archiveBytes">Their size in the archive; 0: not known.</param>
    void Advanced(long sourceBytes, long rows, long archiveBytes);

    /// <summary>The source has too few free connections.</summary>
    void FewerJobs(int wanted, int had);

    /// <summary>Another session's lock keeps pg_dump from reading the definitions.</summary>
    void Waits(LockWait wait);
}

/// <summary>Final when the dump's stream has ended.</summary>
public sealed class DumpTotals
{
    private long _rows;
    private long _dataBytes;

    /// <summary>Tables whose rows are in the archive; null: not counted.</summary>
    public int? Tables { get; init; }

    public int? LargeObjects { get; init; }

    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Uncompressed bytes of rows as text and of large objects.</summary>
    public long DataBytes => Interlocked.Read(ref _dataBytes);

    public void Add(long rows, long dataBytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _dataBytes, dataBytes);
    }
}
