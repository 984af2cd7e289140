using Godwit.Copy.Definitions;

namespace Godwit.Tests.Copy;

public sealed class WorkGraphTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_needs_rows_waits_for_them_and_what_needs_nothing_does_not()
    {
        var graph = new WorkGraph([Rows(1), Made(2, needs: 1), Made(3)]);

        Assert.Equal(3, (await graph.TakeAsync(Ct))!.Id.DumpId);
        var waiting = graph.TakeAsync(Ct);
        Assert.False(waiting.IsCompleted);
        graph.Done(1);
        Assert.Equal(2, (await waiting)!.Id.DumpId);
    }

    [Fact]
    public async Task The_largest_table_comes_first()
    {
        var graph = new WorkGraph([Made(1) with { Bytes = 5 }, Made(2) with { Bytes = 50 }]);

        Assert.Equal(2, (await graph.TakeAsync(Ct))!.Id.DumpId);
    }

    [Fact]
    public async Task Indexes_of_one_table_are_built_side_by_side_and_its_constraints_wait_for_them()
    {
        var (one, other) = (Made(1) with { Shares = [9] }, Made(2) with { Shares = [9] });
        var graph = new WorkGraph([one, other, Made(3) with { Claims = [9] }]);

        await graph.TakeAsync(Ct);
        await graph.TakeAsync(Ct);
        var constraint = graph.TakeAsync(Ct);
        graph.Done(one);
        Assert.False(constraint.IsCompleted);
        graph.Done(other);
        Assert.Equal(3, (await constraint)!.Id.DumpId);
    }

    [Fact]
    public async Task Rights_wait_for_everything_and_what_looks_at_everything_for_the_rights()
    {
        var main = Made(5);
        var rights = Made(2) with { Pass = RestorePass.Rights };
        var graph = new WorkGraph([Made(1) with { Pass = RestorePass.Last }, rights, main]);

        Assert.Equal(main, await graph.TakeAsync(Ct));
        var next = graph.TakeAsync(Ct);
        Assert.False(next.IsCompleted);
        graph.Done(main);
        Assert.Equal(rights, await next);
        graph.Done(rights);
        Assert.Equal(1, (await graph.TakeAsync(Ct))!.Id.DumpId);
    }

    [Fact]
    public async Task What_is_made_of_small_tables_is_given_out_together_as_far_as_it_is_possible_side_by_side()
    {
        var (large, constraint, index, waiting) = (Made(1) with { Bytes = 1L << 30 }, Made(2) with { Claims = [9] },
            Made(3) with { Shares = [9] }, Made(4, needs: 2));
        var graph = new WorkGraph([large, constraint, index, waiting, Made(5),
            Made(6) with { Pass = RestorePass.Last }]);

        Assert.Equal(large, await graph.TakeAsync(Ct));
        Assert.Equal([2, 5], graph.TakeSmall(max: 9).Select(work => work.Id.DumpId));
        Assert.Empty(graph.TakeSmall(max: 9));
        graph.Done(constraint);
        Assert.Equal(3, Assert.Single(graph.TakeSmall(max: 1)).Id.DumpId);
    }

    [Fact]
    public async Task When_all_is_done_nothing_is_given_out_any_more()
    {
        var only = Made(1);
        var graph = new WorkGraph([only]);
        await graph.TakeAsync(Ct);
        var next = graph.TakeAsync(Ct);

        graph.Done(only);

        Assert.Null(await next);
    }

    private static Work Rows(int id) => new(id, $"rows {id}", "", []);

    private static Work Made(int id, params int[] needs) =>
        new(id, $"work {id}", "SELECT 1", [.. needs.Select(need => (WorkId)need)]);
}
