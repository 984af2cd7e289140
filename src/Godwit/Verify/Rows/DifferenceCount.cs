using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Proof;
using Godwit.Verify.Repair;

namespace Godwit.Verify.Rows;

/// <summary>Keeps the first rows to show, and passes all of them to the sink.</summary>
internal sealed class DifferenceCount(TablePair pair, BothSides both)
{
    // Rows in one call of the sink.
    private const int BatchMax = 1000;

    private readonly List<RowPair> _shown = [];
    private readonly List<DifferentRow> _batch = [];
    private long _missing;
    private long _extra;
    private long _changed;

    public async Task AddAsync(RowPair one, CancellationToken ct)
    {
        _missing += one.Kind == RowDifferenceKind.Missing ? one.Times : 0;
        _extra += one.Kind == RowDifferenceKind.Extra ? one.Times : 0;
        _changed += one.Kind == RowDifferenceKind.Changed ? one.Times : 0;
        if (_shown.Count < both.Options.Show)
            _shown.Add(one);
        if (both.Sink is null)
            return;
        _batch.Add(new(one.Kind, one.Source?.ToString(), one.Target?.ToString(), one.Times));
        if (_batch.Count == BatchMax)
            await HandOnAsync(ct);
    }

    public async Task<RowDifferences> EndAsync(CancellationToken ct)
    {
        if (_batch.Count > 0)
            await HandOnAsync(ct);
        return new(_missing, _extra, _changed, pair.Shape.Key, await ShowAsync(ct));
    }

    private async Task<IReadOnlyList<RowDifference>> ShowAsync(CancellationToken ct)
    {
        try
        {
            return await new RowReader(pair, both).ShowAsync(_shown, ct);
        }
        // Bytes that cannot be converted to the client's encoding: the rows are counted but not shown.
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.UntranslatableCharacter))
        {
            return [];
        }
    }

    private async Task HandOnAsync(CancellationToken ct)
    {
        await both.Sink!.TakeAsync(pair.Source, pair.Target, pair.Shape, [.. _batch], ct);
        _batch.Clear();
    }
}
