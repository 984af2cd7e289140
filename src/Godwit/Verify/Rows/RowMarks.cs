using Godwit.Proof;

namespace Godwit.Verify.Rows;

/// <summary>Enough to find a row on the other side.</summary>
/// <param name="Key">Hash of its key.</param>
/// <param name="Row">Hash of all its values.</param>
internal readonly record struct RowMark(long Key, long Row, Tid At) : IComparable<RowMark>
{
    public int CompareTo(RowMark other) => Key != other.Key ? Key.CompareTo(other.Key) : Row.CompareTo(other.Row);
}

/// <summary>A row that is not the same on both sides.</summary>
/// <param name="Source">Its place; null: missing.</param>
/// <param name="Times">How many equal rows are missing or extra, this one included: more than one only without a
/// key.</param>
internal readonly record struct RowPair(RowDifferenceKind Kind, Tid? Source, Tid? Target, long Times);

internal static class RowMarks
{
    /// <summary>Grouped by key. Sorts both lists.</summary>
    /// <param name="hasKey">False: the key is the whole row, so rows are counted and none counts as changed.</param>
    public static IEnumerable<RowPair> Compare(List<RowMark> source, List<RowMark> target, bool hasKey)
    {
        source.Sort();
        target.Sort();
        var (i, j) = (0, 0);
        while (i < source.Count || j < target.Count)
        {
            var key = j == target.Count || (i < source.Count && source[i].Key <= target[j].Key)
                ? source[i].Key : target[j].Key;
            var (left, right) = (Run(source, i, key), Run(target, j, key));
            // Most keys occur once on both sides, with equal rows.
            if (left != 1 || right != 1 || source[i].Row != target[j].Row)
            {
                foreach (var pair in OfKey(source.GetRange(i, left), target.GetRange(j, right), hasKey))
                    yield return pair;
            }

            (i, j) = (i + left, j + right);
        }
    }

    private static int Run(List<RowMark> marks, int at, long key)
    {
        var end = at;
        while (end < marks.Count && marks[end].Key == key)
            end++;
        return end - at;
    }

    // A key may repeat if only the other side has its index; rows without a key always may.
    private static IEnumerable<RowPair> OfKey(List<RowMark> source, List<RowMark> target, bool hasKey)
    {
        for (var i = source.Count - 1; i >= 0; i--)
        {
            if (target.FindIndex(mark => mark.Row == source[i].Row) is >= 0 and var same)
            {
                source.RemoveAt(i);
                target.RemoveAt(same);
            }
        }

        if (!hasKey)
        {
            if (source.Count > 0)
                yield return new(RowDifferenceKind.Missing, source[0].At, null, source.Count);
            if (target.Count > 0)
                yield return new(RowDifferenceKind.Extra, null, target[0].At, target.Count);
            yield break;
        }

        for (var i = 0; i < Math.Max(source.Count, target.Count); i++)
        {
            yield return i >= target.Count ? new(RowDifferenceKind.Missing, source[i].At, null, 1)
                : i >= source.Count ? new(RowDifferenceKind.Extra, null, target[i].At, 1)
                : new(RowDifferenceKind.Changed, source[i].At, target[i].At, 1);
        }
    }
}
