using Godwit.Heroku;

namespace Godwit.Tests.Heroku;

public sealed class HerokuPlanSizeTests
{
    private const long Gigabyte = 1_000_000_000;

    [Theory]
    [InlineData(0L, 1, "essential-0")]
    [InlineData(769_230_769L, 1, "essential-0")]
    [InlineData(769_230_770L, 1, "essential-1")]
    [InlineData(20 * Gigabyte, 100, "essential-2")]
    [InlineData(32 * Gigabyte, 100, "standard-0")]
    [InlineData(3000 * Gigabyte, 100, "standard-9")]
    public void The_cheapest_plan_that_holds_it_with_room_to_grow_is_taken(long bytes, int tables, string plan) =>
        Assert.Equal(plan, HerokuPlanSize.Cheapest(bytes, tables)?.Plan);

    [Theory]
    [InlineData(4000, "essential-0")]
    [InlineData(4001, "standard-0")]
    public void More_tables_than_a_plan_takes_lead_to_the_next_that_takes_them(int tables, string plan) =>
        Assert.Equal(plan, HerokuPlanSize.Cheapest(1, tables)?.Plan);

    [Fact]
    public void What_no_plan_holds_has_none() => Assert.Null(HerokuPlanSize.Cheapest(4000 * Gigabyte, 1));

    [Fact]
    public void Whatever_is_chosen_fits_and_nothing_cheaper_does()
    {
        var random = new Random(7);
        for (var round = 0; round < 1000; round++)
        {
            var (bytes, tables) = (random.NextInt64(3500 * Gigabyte), random.Next(8000));
            var chosen = HerokuPlanSize.Cheapest(bytes, tables);
            if (chosen is null)
            {
                Assert.DoesNotContain(HerokuPlanSize.All, plan => Holds(plan, bytes, tables));
                continue;
            }

            Assert.True(Holds(chosen, bytes, tables));
            Assert.DoesNotContain(HerokuPlanSize.All.TakeWhile(plan => plan != chosen),
                plan => Holds(plan, bytes, tables));
        }
    }

    [Theory]
    [InlineData("essential-1", 10 * Gigabyte)]
    [InlineData("standard-4", 768 * Gigabyte)]
    [InlineData("premium-4", 768 * Gigabyte)]
    [InlineData("private-0", 64 * Gigabyte)]
    [InlineData("shield-9", 4000 * Gigabyte)]
    public void A_plan_is_found_by_its_name_in_every_tier(string plan, long bytes) =>
        Assert.Equal(bytes, HerokuPlanSize.Find(plan)?.Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("mini")]
    [InlineData("premium")]
    [InlineData("-0")]
    [InlineData("standard-1")]
    [InlineData("premium-l-3")]
    public void A_plan_the_table_does_not_know_is_not_guessed(string plan) => Assert.Null(HerokuPlanSize.Find(plan));

    private static bool Holds(HerokuPlanSize plan, long bytes, int tables) =>
        plan.Bytes >= bytes * 1.3 && (plan.TablesMax is not { } max || max >= tables);
}
