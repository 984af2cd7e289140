using Godwit.Proof;
using Godwit.Verify.Rows;

namespace Godwit.Verify.Repair;

/// <summary>Receives every row that differs; a verdict shows only some.</summary>
internal interface IRowDifferenceSink
{
    /// <summary>Calls for one table never overlap; calls for several tables may.</summary>
    /// <param name="rows">Some of the differing rows; more calls bring the rest.</param>
    Task TakeAsync(
        SideTable source, SideTable target, RowShape shape, IReadOnlyList<DifferentRow> rows, CancellationToken ct);
}

/// <param name="SourceAt">Its <c>ctid</c> at the source; null: missing there.</param>
/// <param name="Times">How many such rows are missing or extra: more than one only if the table has no key.</param>
internal sealed record DifferentRow(RowDifferenceKind Kind, string? SourceAt, string? TargetAt, long Times);
