using System.CommandLine;
using Godwit.App.Cli.Commands;
using Godwit.App.Cli.Flags;
using Godwit.Dump;
using Godwit.Faults;
using Godwit.Requests;

namespace Godwit.Tests.Cli;

public sealed class MigrateOptionsTests
{
    private const string Good = "--from env:SOURCE_URL --to heroku:limosa-coffee --via disk:/srv";

    [Fact]
    public void What_is_not_said_has_the_careful_meaning()
    {
        var settings = Read(Good);
        Assert.Equal(("env:SOURCE_URL", "heroku:limosa-coffee", "disk:/srv"),
            (settings.From, settings.To, settings.Store.Via));
        Assert.True(settings.Freeze.IsOn && settings.Clean.IsOn);
        Assert.False(settings.HasBackup || settings.Heroku.CreateApp);
        Assert.Null(settings.Heroku.Confirm);
        Assert.Equal((4, null, DumpEngineKind.Godwit),
            (settings.Jobs, settings.Dump.CompressLevel, settings.Dump.Engine));
        Assert.Empty(settings.Accept.Codes);
    }

    [Theory]
    [InlineData("--region eu", "--region is for an app that is created, and --create-app is missing")]
    [InlineData("--team acme", "--team is for an app that is created")]
    [InlineData("--create-app --space green --plan private-0 --region eu", "--region is given together with --space")]
    [InlineData("--create-app --space green --plan standard-0", "--space needs a plan for databases of a space")]
    [InlineData("--pg-version 170", "--pg-version is 170")]
    public void What_is_made_at_Heroku_is_made_as_it_can_be(string flags, string why) =>
        Assert.Contains(why, Assert.Throws<FaultException>(() => Read($"{Good} {flags}")).Fault.Why,
            StringComparison.Ordinal);

    [Fact]
    public void Where_an_app_is_made_and_which_version_it_gets_reaches_the_settings()
    {
        var line = $"{Good} --create-app --team acme --space green --plan heroku-postgresql:shield-2 --pg-version 16";
        var settings = Read(line).Heroku;
        Assert.Equal((true, "acme", "green", 16),
            (settings.CreateApp, settings.Team, settings.Space, settings.PgVersion));
        Assert.Equal("eu", Read($"{Good} --create-app --region eu").Heroku.Region);
    }

    [Fact]
    public void Every_flag_reaches_the_settings()
    {
        var settings = Read($"{Good} --confirm limosa-coffee --create-app --plan standard-0 --no-freeze "
            + "--i-have-a-backup --accept load.restore_warnings --accept load.extensions_refused --jobs 8 --compress 9 "
            + "--engine pg_dump --lock-wait 10m --no-clean --map-role rds_superuser=CURRENT_USER --map-role old=public "
            + "--s3-endpoint https://s3.example.com --s3-region eu-1 --s3-profile p --s3-path-style true "
            + "--azure-endpoint https://blob.example.com --disk-listen 0.0.0.0:80 --disk-public-url https://me");
        Assert.Equal(("limosa-coffee", true, "standard-0", false, true, 8),
            (settings.Heroku.Confirm, settings.Heroku.CreateApp, settings.Heroku.Plan, settings.Freeze.IsOn,
                settings.HasBackup, settings.Jobs));
        Assert.Equal((9, DumpEngineKind.PgDump, 600),
            (settings.Dump.CompressLevel, settings.Dump.Engine, settings.Dump.LockWaitSeconds));
        Assert.Equal(["load.restore_warnings", "load.extensions_refused"], settings.Accept.Codes);
        var access = settings.StoreAccess;
        Assert.Equal(("https://s3.example.com", "eu-1", "p", true),
            (access.S3Endpoint, access.S3Region, access.S3Profile, access.S3PathStyle));
        Assert.Equal("https://blob.example.com", access.AzureEndpoint);
        Assert.Equal(("0.0.0.0:80", "https://me"), (access.DiskListen, access.DiskPublicUrl));
        Assert.False(settings.Clean.IsOn);
        Assert.Equal(["rds_superuser=CURRENT_USER", "old=public"], settings.Clean.MapRoles);
    }

    [Theory]
    [InlineData("--to heroku:a --via disk:/srv", "--from is missing")]
    [InlineData("--from-stdin " + Good, "--from is given twice")]
    [InlineData("--from stdin --to heroku:a --via disk:/srv", "--from is 'stdin'")]
    [InlineData(Good + " --jobs 0", "--jobs is 0")]
    [InlineData(Good + " --route direct", "--via is for a dump, and with --route direct there is none")]
    [InlineData("--from env:A --to heroku:a --route direct --compress 3", "--compress is for a dump")]
    [InlineData("--from env:A --to heroku:a --route direct --engine pg_dump", "--engine is for a dump")]
    [InlineData("--from env:A --to heroku:a --route direct --create-store --s3-endpoint https://s3.example.com",
        "--create-store is for a dump, and with --route direct there is none; --s3-endpoint is for a dump")]
    [InlineData(Good + " --jobs 33", "--jobs is 33")]
    [InlineData(Good + " --compress 10", "--compress is 10")]
    [InlineData(Good + " --confirm limosa", "--confirm is 'limosa' and the target's app is 'limosa-coffee'")]
    [InlineData("--from env:A --via disk:/srv --to limosa", "--to cannot be used")]
    [InlineData(Good + " --map-role rds_superuser", "--map-role is 'rds_superuser'")]
    [InlineData(Good + " --map-role a=b --map-role a=c", "--map-role is 'a=c'")]
    [InlineData(Good + " --accept-command \"\"", "--accept-command is empty")]
    [InlineData(Good + " --accept-command \"psql postgres://u:secret@h/d\"",
        "--accept-command holds what looks like a password")]
    public void A_line_that_cannot_be_used_says_which_flag(string line, string why)
    {
        var fault = Assert.Throws<FaultException>(() => Read(line)).Fault;
        Assert.Equal(("cli.options", FaultKind.Usage), (fault.Code, fault.Kind));
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once_each_with_its_remedy()
    {
        var fault = Assert.Throws<FaultException>(() =>
            Read("--to limosa --via disk:/srv --jobs 99 --confirm x")).Fault;
        Assert.All(["--from", "--to", "--jobs"], flag => Assert.Contains(flag, fault.Why, StringComparison.Ordinal));
        Assert.All(["env:SOURCE_URL", "heroku:APP", "from 1 to 32"],
            remedy => Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void A_resumed_run_dumps_as_it_began_unless_told_otherwise()
    {
        var began = new DumpSettings { CompressLevel = 9, Engine = DumpEngineKind.PgDump };
        Assert.Equal(began, Resume(began, ""));
        Assert.Equal(began with { CompressLevel = 0, Engine = DumpEngineKind.Godwit },
            Resume(began, "--jobs 2 --compress 0 --engine godwit") with { Flags = began.Flags });
    }

    [Fact]
    public void Flags_for_a_dump_are_kept_by_name_so_that_a_run_without_one_can_say_that_they_do_nothing()
    {
        Assert.Empty(Read("--from env:SOURCE_URL --to heroku:limosa-coffee --jobs 2").Dump.Flags);
        var began = Read($"{Good} --engine godwit --disk-listen 127.0.0.1:8080").Dump;
        Assert.Equal(["--via", "--engine", "--disk-listen"], began.Flags);
        Assert.Equal(["--via", "--engine", "--disk-listen", "--compress"],
            Resume(began, "--compress 3 --engine godwit").Flags);
    }

    [Fact]
    public void A_mistyped_code_to_accept_is_refused_and_the_ones_there_are_are_named()
    {
        var command = new Command("migrate");
        foreach (var option in new MigrateOptions().All)
            command.Add(option);
        var error = Assert.Single(command.Parse($"{Good} --accept load.restore_warning").Errors);
        Assert.Contains("load.restore_warnings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_cleans_as_it_began_and_maps_what_is_said_again_anew()
    {
        var (began, flags) = (new CleanSettings { IsOn = false, MapRoles = ["a=b", "c=d"] }, new CleanFlags());
        CleanSettings Over(CleanSettings settings, string line) => flags.Over(settings, Parsed(flags.All, line));
        Assert.Equal(began, Over(began, ""));
        Assert.Equal(["c=d", "a=e"], Over(began, "--map-role a=e").MapRoles);
        Assert.False(Over(began with { IsOn = true }, "--no-clean").IsOn);
    }

    private static DumpSettings Resume(DumpSettings settings, string line)
    {
        var flags = DumpFlags.ForResume();
        return flags.Over(settings, Parsed(flags.All, line));
    }

    private static RunSettings Read(string line)
    {
        var options = new MigrateOptions();
        return options.Read(Parsed(options.All, line));
    }

    private static ParseResult Parsed(IEnumerable<Option> options, string line)
    {
        var command = new Command("command");
        foreach (var option in options)
            command.Add(option);
        return command.Parse(line);
    }
}
