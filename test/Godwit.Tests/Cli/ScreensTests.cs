using Godwit.App.Cli.Screens;
using Godwit.App.Web;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Journal;
using Godwit.Load;
using Godwit.Migration;
using Godwit.Postgres;
using Godwit.Requests;
using Godwit.Storage;

namespace Godwit.Tests.Cli;

public sealed class ScreensTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("godwit-screens-").FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("plan", true, null)]
    [InlineData("plan-without-freeze", false, null)]
    [InlineData("plan-direct", true, "Heroku offers no restore for databases on shield-0")]
    [InlineData("plan-direct-idle", true, "Heroku offers no restore for databases on shield-0",
        "--compress", "--engine")]
    public async Task A_plan_says_every_step_and_how_it_is_undone(
        string golden, bool freeze, string? whyDirect, params string[] dumpFlags)
    {
        var parts = Parts(freeze);
        await using var store = parts.Store;
        if (whyDirect is not null)
            parts = parts with
            {
                Settings = parts.Settings with
                {
                    Route = "direct",
                    RouteWhy = whyDirect,
                    Store = new(),
                    Dump = new() { Flags = dumpFlags },
                },
                Store = null,
            };
        using var heroku = parts.Heroku;
        using var text = new StringWriter();
        PlanScreen.Show(await new MigrationRun(parts, new RunFolder(_folder))
            .PlanAsync(TestContext.Current.CancellationToken), parts.Settings, text);
        Golden.Check(golden + ".txt", text.ToString().Replace(_folder, "/srv", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_fault_is_what_why_next_and_a_code()
    {
        using var text = new StringWriter();
        FaultScreen.Show(new Fault("load.restore_failed", FaultKind.Broken,
            "Heroku's restore r004 into limosa-coffee failed",
            "pg_restore: error: could not execute query\r\n"
            + "ERROR:  type \"geometry\" does not exist\n\u001b[2Jpg_restore: warning: errors ignored: 1",
            "Remove the cause.\nThen go on with: godwit resume"), text);
        Golden.Check("fault.txt", text.ToString());
    }

    private MigrationParts Parts(bool freeze)
    {
        var store = "disk:" + Path.Combine(_folder, "store");
        return new()
        {
            Settings = new RunSettings
            {
                From = "env:SOURCE_URL", To = "heroku:limosa-coffee", Store = new() { Via = store },
                Freeze = new() { IsOn = freeze }, Heroku = new() { CreateApp = !freeze },
            },
            Source = PostgresUrl.Parse("postgres://limosa:hunter2@db.example.com/shop", "--from"),
            Target = HerokuTargetName.Parse("heroku:limosa-coffee"),
            Heroku = HerokuClient.From(name => name == "HEROKU_API_KEY" ? "not-a-real-token" : null,
                TimeProvider.System),
            Store = ObjectStores.Open(StoreAddress.Parse(store), new StoreOptions(), new LinkHost(),
                TimeProvider.System),
            Tools = new PgTools(_ => null),
            Processes = new ProcessRunner(),
            Clock = TimeProvider.System,
        };
    }
}
