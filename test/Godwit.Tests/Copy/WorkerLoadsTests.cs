using Godwit.Copy.Rows;

namespace Godwit.Tests.Copy;

/// <summary>Which tables are copied in one piece, largest first, so that no worker waits long for another.</summary>
public sealed class WorkerLoadsTests
{
    [Theory]
    // Nobody waits more than a tenth of what each has to do.
    [InlineData(2, "500 400 100", "500 400 100")]
    [InlineData(2, "521 504 404 116 27", "521 504 116 27")]
    // The first has more to do than the other could have.
    [InlineData(2, "900 50 50", "50 50")]
    [InlineData(2, "1000", "")]
    [InlineData(1, "1000 1", "1000 1")]
    // Five are too many for four.
    [InlineData(4, "80 80 80 80 80", "80 80 80 80")]
    public void A_table_is_divided_where_the_others_would_wait_for_whoever_has_it(
        int workers, string bytes, string whole)
    {
        var tables = bytes.Split(' ').Select(long.Parse).ToList();
        var loads = new WorkerLoads(tables.Sum(), workers);
        var inOnePiece = new List<long>();
        foreach (var table in tables)
        {
            if (loads.HasRoomFor(table))
            {
                inOnePiece.Add(table);
                loads.Take(table);
            }
            else
            {
                for (var part = 0; part < 10; part++)
                    loads.Take(table / 10);
            }
        }

        Assert.Equal(whole, string.Join(' ', inOnePiece));
    }
}
