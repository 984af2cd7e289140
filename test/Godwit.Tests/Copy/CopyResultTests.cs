using Godwit.Copy;

namespace Godwit.Tests.Copy;

/// <summary>What a copy brought, in the sentence that ends it.</summary>
public sealed class CopyResultTests
{
    [Theory]
    [InlineData(2450, 0, false, "4 tables with 2,450 rows")]
    [InlineData(2450, 3, false, "4 tables with 2,450 rows and 3 large objects")]
    [InlineData(0, 0, false, "4 tables with 0 rows")]
    [InlineData(17, 0, true, "4 tables; 17 rows came since the copy went on")]
    [InlineData(17, 1, true, "4 tables; 17 rows and 1 large object came since the copy went on")]
    [InlineData(0, 3, true, "4 tables; 3 large objects came since the copy went on")]
    [InlineData(0, 0, true, "4 tables, whose rows were there when the copy went on")]
    public void A_copy_that_went_on_counts_only_what_came_since(long rows, long objects, bool wentOn, string said) =>
        Assert.Equal(said, new CopyResult(4, rows, objects, 0, TimeSpan.Zero).InWords("copy", wentOn));
}
