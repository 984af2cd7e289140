namespace Godwit.Copy.Rows;

/// <summary>The origin of rows and large objects.</summary>
internal interface IRowSource
{
    /// <param name="left">All parts still to be brought.</param>
    /// <returns>One for each possible worker: at least one.</returns>
    Task<IReadOnlyList<IRowReader>> OpenAsync(IReadOnlyList<CopyPart> left, int wanted, CancellationToken ct);
}

/// <summary>One worker's reader. Its faults name this side.</summary>
internal interface IRowReader
{
    /// <summary>The worker's next part; null: none is left. No two readers return the same.</summary>
    Task<CopyPart?> NextAsync(CancellationToken ct);

    /// <summary>The rows of a part from <see cref="NextAsync"/>.</summary>
    Task<RowContent> OpenAsync(RowPart part, CancellationToken ct);

    /// <summary><see cref="OpenAsync"/> can return the same rows again after their content was disposed.</summary>
    bool CanReadAgain(RowPart part);

    /// <summary>The bytes of a part from <see cref="NextAsync"/>, object after object, each from its
    /// beginning.</summary>
    Task ReadAsync(LargeObjectPart part, Func<LargeObjectPiece, Task> take, CancellationToken ct);
}

/// <summary>The rows of one part, in COPY's format.</summary>
internal abstract class RowContent : IAsyncDisposable
{
    /// <summary>The share of the part's <see cref="CopyPart.SourceBytes"/> that was read so far.</summary>
    public abstract long SourceBytes { get; }

    /// <summary>Rows read so far; null: not counted.</summary>
    public virtual long? Rows => null;

    /// <summary>Fills most of the buffer unless the rows end; returns 0 only at their end.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct);

    /// <summary>Called after their end: true if more rows follow, which need another COPY, as text.
    /// <see cref="ReadAsync"/> returns these next.</summary>
    public virtual bool GoesOnAsText() => false;

    public abstract ValueTask DisposeAsync();
}

/// <param name="At">Offset in its object, in bytes.</param>
/// <param name="SourceBytes">As <see cref="CopyPart.SourceBytes"/>.</param>
internal sealed record LargeObjectPiece(uint Oid, long At, byte[] Bytes, long SourceBytes);
