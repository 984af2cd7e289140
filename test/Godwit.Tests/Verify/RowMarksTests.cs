using System.Numerics;
using Godwit.Proof;
using Godwit.Verify.Rows;

namespace Godwit.Tests.Verify;

/// <summary>Which rows differ, from the hashes of both sides.</summary>
public sealed class RowMarksTests
{
    [Fact]
    public void Rows_under_the_same_key_are_changed_and_others_missing_or_extra()
    {
        var pairs = Compare([(1, 10), (2, 20), (3, 30)], [(3, 31), (4, 40), (1, 10)], hasKey: true);

        Assert.Equal([(RowDifferenceKind.Missing, 1L), (RowDifferenceKind.Changed, 1L), (RowDifferenceKind.Extra, 1L)],
            pairs.Select(one => (one.Kind, one.Times)));
        Assert.Equal(new Tid(0, 1), pairs[0].Source);
        Assert.Equal((new Tid(0, 2), new Tid(0, 0)), (pairs[1].Source, pairs[1].Target));
        Assert.Null(pairs[2].Source);
    }

    [Fact]
    public void Without_a_key_rows_are_counted()
    {
        var pairs = Compare([(1, 1), (1, 1), (1, 1), (2, 2)], [(1, 1), (3, 3), (3, 3)], hasKey: false);

        Assert.Equal([(RowDifferenceKind.Missing, 2L), (RowDifferenceKind.Missing, 1L), (RowDifferenceKind.Extra, 2L)],
            pairs.Select(one => (one.Kind, one.Times)));
    }

    [Fact]
    public void A_key_that_is_twice_on_one_side_is_held_against_what_is_alike_first()
    {
        var pairs = Compare([(1, 10)], [(1, 11), (1, 10)], hasKey: true);

        var extra = Assert.Single(pairs);
        Assert.Equal((RowDifferenceKind.Extra, new Tid(0, 0)), (extra.Kind, extra.Target!.Value));
    }

    [Fact]
    public void Equal_rows_in_any_order_are_no_difference() =>
        Assert.Empty(Compare([(1, 1), (2, 2), (2, 2)], [(2, 2), (1, 1), (2, 2)], hasKey: false));

    [Fact]
    public void A_sum_of_signed_hashes_has_no_end_and_is_taken_modulo_two_to_the_64()
    {
        var one = Tally.Of(2, (BigInteger)long.MaxValue * 2);
        Assert.Equal(new Tally(2, ulong.MaxValue - 1), one);
        Assert.Equal(new Tally(3, ulong.MaxValue), Tally.Of(3, -1));
        Assert.Equal(Tally.Of(5, ((BigInteger)long.MaxValue * 2) - 1), one + Tally.Of(3, -1));
    }

    [Fact]
    public void Of_places_that_do_not_rise_together_the_longest_chain_stays()
    {
        Tid At(uint page) => new(page, 1);
        // The second row was updated at the target since, and lies behind all others.
        var kept = RangePlan.InOrder([(At(10), At(9)), (At(20), At(99)), (At(30), At(28)), (At(40), At(41)),
            (At(50), At(41)), (At(60), At(60))]);

        Assert.Equal([9u, 28u, 41u, 60u], kept.Select(one => one.Target.Page));
        Assert.Empty(RangePlan.InOrder([]));
    }

    [Theory]
    [InlineData("(0,1)", 0, 1)]
    [InlineData("(4294967295,65535)", 4294967295, 65535)]
    public void A_place_is_read_as_the_server_writes_it(string text, uint page, ushort item)
    {
        Assert.Equal(new Tid(page, item), Tid.Parse(text));
        Assert.Equal(text, new Tid(page, item).ToString());
    }

    private static List<RowPair> Compare((long Key, long Row)[] source, (long Key, long Row)[] target, bool hasKey) =>
        [.. RowMarks.Compare(Marks(source), Marks(target), hasKey)];

    private static List<RowMark> Marks((long Key, long Row)[] rows) =>
        [.. rows.Select((row, i) => new RowMark(row.Key, row.Row, new Tid(0, (ushort)i)))];
}
