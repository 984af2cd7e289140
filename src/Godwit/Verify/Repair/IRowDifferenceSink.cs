using Godwit.Proof;
using Godwit.Verify.Rows;

namespace Godwit.Verify.Repair;

/// <summary>Told of every row that differs, of which a verdict shows only some.</summary>
internal interface IRowDifferenceSink
{
    /// <summary>Never called twice at once for one table; for several tables it may be.</summary>
    /// <param name="rows">A part of the table's differing rows; those of one table come in as many calls as it
    /// takes.</param>
    Task TakeAsync(
        SideTable source, SideTable target, RowShape shape, IReadOnlyList<DifferentRow> rows, CancellationToken ct);
}

/// <summary>A row that differs, by where it is in the sides' snapshots.</summary>
/// <param name="SourceAt">Its <c>ctid</c> at the source; null: it is not there.</param>
/// <param name="TargetAt">The same at the target.</param>
/// <param name="Times">How many such rows are missing or extra: more than one only where the table has no key.</param>
internal sealed record DifferentRow(RowDifferenceKind Kind, string? SourceAt, string? TargetAt, long Times);
