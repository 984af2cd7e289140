using Godwit.HerokuLocal.Data;
using Godwit.HerokuLocal.Platform;
using Godwit.HerokuLocal.State;

namespace Godwit.Tests.HerokuLocal;

public sealed class ShapesTests
{
    private static readonly DateTimeOffset Instant = new(2026, 11, 21, 4, 55, 34, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("heroku-postgresql:essential-0", 1, 20, 500)]
    [InlineData("heroku-postgresql:essential-2", 32, 40, 2000)]
    [InlineData("heroku-postgresql:standard-0", 64, 200, 5000)]
    [InlineData("heroku-postgresql:premium-9", 4096, 500, 1_100_000)]
    public void A_plan_has_Heroku_s_limits_and_price(string name, long gigabytes, int connections, int cents)
    {
        var plan = Plan.Find(name)!;
        Assert.Equal((gigabytes << 30, connections, cents), (plan.StorageBytes, plan.Connections, plan.PriceCents));
    }

    [Fact]
    public void The_service_alone_is_its_cheapest_plan_and_anything_else_is_none()
    {
        Assert.Equal("essential-0", Plan.Find("heroku-postgresql")!.Name);
        Assert.Null(Plan.Find("heroku-postgresql:standard-1"));
        Assert.Null(Plan.Find("essential-0"));
        Assert.Null(Plan.Find("heroku-redis:mini"));
    }

    [Fact]
    public void Essential_and_the_others_keep_their_extensions_under_different_settings()
    {
        Assert.All(Plan.All,
            plan => Assert.Equal(plan.Name.StartsWith("essential") ? "rds.allowed_extensions" : "extwlist.extensions",
                plan.ExtensionsSetting));
        Assert.All(Plan.All, plan => Assert.Equal(!plan.Name.StartsWith("shield"), plan.HasBackups));
    }

    [Fact]
    public void Each_API_has_its_own_way_to_write_a_time()
    {
        Assert.Equal("2026-11-21T03:55:34Z", PlatformShapes.Time(Instant));
        Assert.Equal("2026-11-21 03:55:34 +0000", DataShapes.Time(Instant));
        Assert.Null(DataShapes.Time(null));
    }

    [Theory]
    [InlineData(0, "0 Bytes")]
    [InlineData(8_095_000, "7.72 MB")]
    [InlineData(1L << 30, "1 GB")]
    [InlineData(1L << 40, "1 TB")]
    public void A_size_reads_as_in_pg_info(long bytes, string expected) =>
        Assert.Equal(expected, DataShapes.Size(bytes));

    [Theory]
    [InlineData("pg_dump", "gof3r", null, "b003")]
    [InlineData("pg_dump", "gof3r", "DATABASE_URL", "a003")]
    [InlineData("gof3r", "pg_restore", null, "r003")]
    [InlineData("pg_dump", "pg_restore", null, "c003")]
    public void A_transfer_is_named_after_what_it_does(string from, string to, string? schedule, string expected) =>
        Assert.Equal(expected, new TransferState
        {
            Num = 3, AddonId = Guid.Empty, FromType = from, FromName = "", ToType = to, ToName = "",
            Schedule = schedule,
        }.DisplayName);

    [Fact]
    public void Names_have_the_shapes_Heroku_gives()
    {
        Assert.Matches("^postgresql-[a-z]+-[0-9]{5}$", Names.NewAddon());
        Assert.Matches("^u[a-z0-9]{13}$", Names.NewRole());
        Assert.Matches("^d[a-z0-9]{13}$", Names.NewDatabase());
        Assert.Matches("^p[0-9a-f]{64}$", Names.NewPassword().Reveal());
        Assert.True(Names.IsApp(Names.NewApp()));
        Assert.False(Names.IsApp("Upper"));
        Assert.False(Names.IsApp("-dash"));
        Assert.False(Names.IsApp("ends-"));
        Assert.Equal(Names.StableId("plan/x"), Names.StableId("plan/x"));
    }

    [Fact]
    public void Colours_run_out_later_than_attachments()
    {
        var taken = new HashSet<string>();
        for (var i = 0; i < 100; i++)
            Assert.True(taken.Add(Names.NewAttachment(taken)));
        Assert.All(taken, name => Assert.StartsWith("HEROKU_POSTGRESQL_", name));
    }
}
