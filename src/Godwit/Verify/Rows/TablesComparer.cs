using Godwit.Pipeline;

namespace Godwit.Verify.Rows;

/// <summary>What came of the tables' rows.</summary>
internal sealed record TablesResult(IReadOnlyList<TableVerdict> Tables, IReadOnlyList<Omission> Omissions);

/// <summary>Compares the rows of all tables, both sides at once.</summary>
internal sealed class TablesComparer(Side source, Side target, VerifyOptions options, TimeProvider clock)
{
    public Task<TablesResult> CompareAsync(IProgress<StepEvent> progress, CancellationToken ct) => throw new NotSupportedException($"{source} {target} {options} {clock} {progress} {ct}");
}
