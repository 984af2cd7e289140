namespace Godwit.Copy.Rows;

/// <summary>Where rows and large objects come from.</summary>
internal interface IRowSource
{
    /// <summary>Opens what several workers need to read at once.</summary>
    /// <param name="left">All that is to be brought.</param>
    /// <returns>One for each worker there can be: at least one.</returns>
    /// <exception cref="Faults.FaultException">It cannot be read any more.</exception>
    Task<IReadOnlyList<IRowReader>> OpenAsync(IReadOnlyList<CopyPart> left, int wanted, CancellationToken ct);
}

/// <summary>What one worker reads. Its faults say of themselves that they are of this side.</summary>
internal interface IRowReader
{
    /// <summary>What the worker brings next; null when nothing is left. No two readers give the same.</summary>
    Task<CopyPart?> NextAsync(CancellationToken ct);

    /// <summary>The rows of what <see cref="NextAsync"/> gave.</summary>
    Task<RowContent> OpenAsync(RowPart part, CancellationToken ct);

    /// <summary>Whether <see cref="OpenAsync"/> gives the same rows once more, after their content was
    /// disposed.</summary>
    bool CanReadAgain(RowPart part);

    /// <summary>The bytes of what <see cref="NextAsync"/> gave, object after object, each from its beginning.</summary>
    Task ReadAsync(LargeObjectPart part, Func<LargeObjectPiece, Task> take, CancellationToken ct);
}

/// <summary>The rows of one part, as COPY takes them.</summary>
internal abstract class RowContent : IAsyncDisposable
{
    /// <summary>What was read so far takes at the source, of the part's <see cref="CopyPart.SourceBytes"/>.</summary>
    public abstract long SourceBytes { get; }

    /// <summary>Rows that were read; null where nobody counts them.</summary>
    public virtual long? Rows => null;

    /// <summary>Fills most of the buffer unless the rows end; returns 0 at their end only.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct);

    /// <summary>Asked behind their end: whether there are more, which have to come in a COPY of their own, as text.
    /// <see cref="ReadAsync"/> has these next.</summary>
    public virtual bool GoesOnAsText() => false;

    public abstract ValueTask DisposeAsync();
}

/// <param name="At">Where it stands in its object, in bytes.</param>
/// <param name="SourceBytes">As <see cref="CopyPart.SourceBytes"/>.</param>
internal sealed record LargeObjectPiece(uint Oid, long At, byte[] Bytes, long SourceBytes);
