using System.Globalization;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Proof;

namespace Godwit.Verify.Queries;

/// <summary>Runs the user's queries in the snapshots of both sides, and compares their results in order.</summary>
/// <param name="tolerance">Of two floats, relative to the larger one (absolute if both are below 1); 0: none.</param>
internal sealed class QueriesComparer(Side source, Side target, double tolerance)
{
    // Characters shown of a row or value.
    private const int ShownMax = 120;

    public async Task<IReadOnlyList<QueryVerdict>> CompareAsync(IReadOnlyList<UserQuery> queries, CancellationToken ct)
    {
        var verdicts = new List<QueryVerdict>();
        foreach (var query in queries)
            verdicts.Add(await source.AskAsync(left => target.AskAsync(
                right => CompareAsync(query, new(left, query.Text), new(right, query.Text), ct), ct), ct));
        return verdicts;
    }

    private async Task<QueryVerdict> CompareAsync(
        UserQuery query, QuerySide left, QuerySide right, CancellationToken ct)
    {
        var refused = await Task.WhenAll(left.OpenAsync(ct), right.OpenAsync(ct));
        try
        {
            if (Refusal(refused[0], refused[1]) is { } why)
                return new(query.From, Outcome.NotCompared, 0, 0, why);
            return Shape(left, right) is { } other ? new(query.From, Outcome.Different, 0, 0,
                other) : await RowsAsync(query, left, right, ct);
        }
        finally
        {
            await Task.WhenAll(left.CloseAsync(ct), right.CloseAsync(ct));
        }
    }

    private static string? Refusal(string? source, string? target) => (source, target) switch
    {
        (null, null) => null,
        ({ } why, null) => $"the source says: {why}",
        (null, { } why) => $"the target says: {why}",
        var (left, right) when left == right => $"both sides say: {left}",
        var (left, right) => $"the source says: {left}; the target says: {right}",
    };

    private static string? Shape(QuerySide left, QuerySide right)
    {
        if (left.Columns.Count != right.Columns.Count)
            return $"it has {Phrase.Count(left.Columns.Count, "column")} at the source and {right.Columns.Count} "
                + "at the target";
        // Each database has its own OIDs for its own types.
        var other = left.Columns.Zip(right.Columns)
            .FirstOrDefault(pair => (pair.First.Name, pair.First.Type) != (pair.Second.Name, pair.Second.Type));
        return other == default ? null
            : $"its column {other.First.Name} is {other.First.Type} at the source, and at the target "
                + $"{(other.Second.Name == other.First.Name ? "" : $"{other.Second.Name}, ")}{other.Second.Type}";
    }

    private async Task<QueryVerdict> RowsAsync(UserQuery query, QuerySide left, QuerySide right, CancellationToken ct)
    {
        var why = "";
        var (leftSum, rightSum) = (new RowSum(), new RowSum());
        while (true)
        {
            var rows = await Task.WhenAll(left.NextAsync(ct), right.NextAsync(ct));
            if (Refusal(left.Refusal, right.Refusal) is { } refusal)
                return new(query.From, Outcome.NotCompared, leftSum.Rows, rightSum.Rows, refusal);
            var (here, there) = (rows[0], rows[1]);
            if (here is null && there is null)
                break;
            leftSum.Add(here);
            rightSum.Add(there);
            if (why.Length == 0)
                why = Difference(left.Columns, here, there, Math.Max(leftSum.Rows, rightSum.Rows));
        }

        // Without ORDER BY the order is chance. Only the user knows whether one is meant, so the verdict stays
        // different.
        if (why.Length > 0 && leftSum == rightSum)
            why = $"both sides return the same rows in another order (from row {why.Split(' ')[1].TrimEnd(':')} on): "
                + "with an ORDER BY over all columns they can be compared";
        return new(query.From, why.Length == 0 ? Outcome.Equal : Outcome.Different, leftSum.Rows, rightSum.Rows, why);
    }

    private string Difference(
        IReadOnlyList<ResultColumn> columns, IReadOnlyList<string?>? here, IReadOnlyList<string?>? there, long row)
    {
        var number = row.ToString(CultureInfo.InvariantCulture);
        if (here is null)
            return $"row {number}: only the target has it: {Shown(there!)}";
        if (there is null)
            return $"row {number}: only the source has it: {Shown(here)}";
        for (var i = 0; i < columns.Count; i++)
        {
            if (!IsSame(columns[i].Type, here[i], there[i]))
                return $"row {number}: {columns[i].Name} is {Shown([here[i]])} at the source and {Shown([there[i]])} "
                    + "at the target";
        }

        return "";
    }

    private bool IsSame(string type, string? here, string? there) => here == there
        || (tolerance > 0 && type is "real" or "double precision" && here is not null && there is not null
            && IsClose(here, there));

    private bool IsClose(string here, string there) =>
        double.TryParse(here, NumberStyles.Float, CultureInfo.InvariantCulture, out var one)
        && double.TryParse(there, NumberStyles.Float, CultureInfo.InvariantCulture, out var other)
        && Math.Abs(one - other) <= tolerance * Math.Max(1, Math.Max(Math.Abs(one), Math.Abs(other)));

    private static string Shown(IReadOnlyList<string?> values)
    {
        var text = string.Join(", ", values.Select(value => value is null ? "NULL" : $"'{value}'"));
        return text.Length <= ShownMax ? text : text[..(ShownMax - 1)] + "…";
    }

    // The number of rows, and a hash of all in any order.
    private sealed record RowSum
    {
        public long Rows { get; private set; }

        private ulong Sum { get; set; }

        public void Add(IReadOnlyList<string?>? row)
        {
            if (row is null)
                return;
            var hash = new HashCode();
            var second = new HashCode();
            second.Add(row.Count);
            foreach (var value in row)
            {
                hash.Add(value, StringComparer.Ordinal);
                second.Add(value is null ? 0 : value.Length + 1);
                second.Add(value, StringComparer.Ordinal);
            }

            Rows++;
            Sum = unchecked(Sum + ((ulong)(uint)hash.ToHashCode() << 32) + (uint)second.ToHashCode());
        }
    }
}
