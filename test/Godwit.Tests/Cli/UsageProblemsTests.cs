using Godwit.App.Cli;

namespace Godwit.Tests.Cli;

/// <summary>Lines as they are typed by somebody who knows pg_dump, or types fast.</summary>
public sealed class UsageProblemsTests : IDisposable
{
    private readonly ArchiveWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("dump --help")]
    [InlineData("dump -h")]
    [InlineData("dump -?")]
    [InlineData("archive list -h")]
    [InlineData("dump --from env:U --to x --help")]
    public async Task Help_is_help(string line)
    {
        Assert.Equal(ExitCodes.Proven, await TypeAsync(line));
        Assert.Contains("Usage:", _world.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dump --from env:U --to x -d db -h 127.0.0.1", "-h")]
    [InlineData("dump --from env:U --to x -h", "-h")]
    [InlineData("dump -h 127.0.0.1", "-h")]
    [InlineData("dump -? --to x", "-?")]
    [InlineData("migrate --from env:U -h", "-h")]
    public async Task Help_by_a_letter_among_other_words_is_no_success(string line, string letter)
    {
        Assert.Equal(ExitCodes.Usage, await TypeAsync(line));
        Assert.Empty(_world.Out);
        Assert.StartsWith($"godwit: {letter} is help, and there is more on the line. Nothing was done.\n", _world.Error,
            StringComparison.Ordinal);
        if (letter == "-h" && line.StartsWith("dump", StringComparison.Ordinal))
            Assert.Contains("pg_dump's -h is part of the source's URL: --from env:SOURCE_URL.", _world.Error,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-f shop.dump", "pg_dump's -f is --to FILE.")]
    [InlineData("--file=shop.dump", "pg_dump's --file is --to FILE.")]
    [InlineData("-d shop", "pg_dump's -d is part of the source's URL: --from env:SOURCE_URL.")]
    [InlineData("-Upostgres", "pg_dump's -U is part of the source's URL: --from env:SOURCE_URL.")]
    [InlineData("--schema-only", "pg_dump's --schema-only is said when restoring: ")]
    [InlineData("-a", "pg_dump's -a is said when restoring: ")]
    [InlineData("--jobs four", "--jobs: give a number from 1 to 32\n")]
    [InlineData("-Z max",
        "--compress: give a number from 0 to 9, or zstd, lz4 or gzip with or without a level (zstd:9), or none\n")]
    public async Task A_habit_that_pg_dump_leaves_is_told_what_stands_in_its_place(string typed, string said)
    {
        Assert.Equal(ExitCodes.Usage, await TypeAsync($"dump --from env:U --to x {typed}"));
        Assert.Contains($"godwit: {said}", _world.Error, StringComparison.Ordinal);
        Assert.EndsWith("  next: See: godwit dump --help\n", _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restore shop.dump -d shop", "pg_restore's -d is part of the target's URL: --to env:TARGET_URL.")]
    [InlineData("restore shop.dump --to env:T -c",
        "pg_restore's -c is not needed: the target is a database that is there and empty.")]
    [InlineData("copy shop.dump --to env:T",
        "It copies from a database (--from). An archive is brought by: godwit restore ARCHIVE --to TARGET")]
    public async Task Whoever_types_what_another_program_or_command_has_is_told_where_it_is(string line, string said)
    {
        Assert.Equal(ExitCodes.Usage, await TypeAsync(line));
        Assert.Contains(said, _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("archive lst shop.dump", "There is no command 'lst'. Did you mean: godwit archive list shop.dump",
        "godwit archive --help")]
    [InlineData("archive unpack shop.dump", "There is no command 'unpack'. Commands: list, check, filter",
        "godwit archive --help")]
    [InlineData("mirgate --from env:U", "There is no command 'mirgate'. Did you mean: godwit migrate --from env:U",
        "godwit --help")]
    [InlineData("dmup --from postgres://me:s3cret@h/db",
        "There is no command 'dmup'. Did you mean: godwit dump --from postgres://***", "godwit --help")]
    [InlineData("dump --form env:U --to x", "There is no option --form. Did you mean: godwit dump --from env:U --to x",
        "godwit dump --help")]
    [InlineData("status --folow", "There is no option --folow. Did you mean: godwit status --follow",
        "godwit status --help")]
    [InlineData("assess -from env:U", "There is no option -from. Did you mean: godwit assess --from env:U",
        "godwit assess --help")]
    [InlineData("dump --from env:U --too=x", "There is no option --too. Did you mean: godwit dump --from env:U --to=x",
        "godwit dump --help")]
    [InlineData("move --from env:U", "There is no command 'move'. Commands: demo, assess, rehearse, migrate, dump, "
        + "restore, copy, verify, settings, status, resume, rollback, after, cleanup, archive, heroku-local, "
        + "report-problem", "godwit --help")]
    public async Task A_word_that_is_not_there_is_told_what_was_meant_or_which_there_are(
        string line, string said, string next)
    {
        Assert.Equal(ExitCodes.Usage, await TypeAsync(line));
        Assert.Equal($"godwit: {said}\n  next: See: {next}\n", _world.Error);
    }

    /// <summary>What stands behind it is told as before: nothing is near it.</summary>
    [Fact]
    public async Task An_option_that_is_like_none_is_named()
    {
        Assert.Equal(ExitCodes.Usage, await TypeAsync("dump --from env:U --to x --parallelism 4"));
        Assert.Contains("'--parallelism'", _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--from is empty", "--from env:SOURCE_URL")]
    [InlineData("SOURCE_URL", "neither a URL nor env:NAME", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("$SOURCE_URL", "neither a URL nor env:NAME", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("${SOURCE_URL}", "neither a URL nor env:NAME", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("env:$SOURCE_URL", "neither a URL nor env:NAME", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("ENV:SOURCE_URL", "neither a URL nor env:NAME", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("env:postgres://me:s3cret@h/d", "the shell has inserted the variable's value",
        "--from env:SOURCE_URL")]
    public async Task A_source_that_names_nothing_is_told_how_it_would(string from, string why, string next)
    {
        Assert.Equal(ExitCodes.Usage, await _world.GodwitAsync(["assess", "--from", from]));
        Assert.Contains(why, _world.Error, StringComparison.Ordinal);
        Assert.Contains(next, _world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("assess", "--from", "env:", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("assess", "--from", "$SOURCE_URL", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("assess", "--from", "env:${SOURCE_URL}", "Did you mean --from env:SOURCE_URL?")]
    [InlineData("migrate", "--to", "my-app", "Did you mean --to heroku:my-app?")]
    [InlineData("rehearse", "--to", "my-app", "Did you mean --to heroku:my-app?")]
    [InlineData("migrate", "--to", "heroku://my-app", "Did you mean --to heroku:my-app?")]
    [InlineData("migrate", "--to", "Heroku:my-app", "Did you mean --to heroku:my-app?")]
    [InlineData("migrate", "--to", "TARGET_URL", "Did you mean --to env:TARGET_URL?")]
    [InlineData("migrate", "--to", "", "--to cannot be used: it is empty")]
    public async Task What_a_word_without_its_kind_was_meant_for(string command, string flag, string word, string said)
    {
        string[] from = flag == "--from" ? [] : ["--from", "postgres://me@127.0.0.1:1/shop"];
        Assert.Equal(ExitCodes.Usage, await _world.GodwitAsync([command, .. from, flag, word]));
        Assert.Contains(said, _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("heroku/my-app", "heroku:my-app")]
    [InlineData("Heroku:my-app/NEST", "heroku:my-app/NEST")]
    [InlineData("my-app", "heroku:my-app")]
    public async Task A_target_that_names_nothing_is_told_how_it_would(string to, string meant)
    {
        Assert.Equal(ExitCodes.Usage, await _world.GodwitAsync(
            ["verify", "--from", "postgres://me@127.0.0.1:1/d", "--to", to]));
        Assert.Contains($"Did you mean --to {meant}?", _world.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("assess env:U", "--from env:U")]
    [InlineData("assess --from env:U heroku:my-app", "--to heroku:my-app")]
    public async Task A_database_without_its_option_is_told_which(string line, string meant)
    {
        Assert.Equal(ExitCodes.Usage, await TypeAsync(line));
        Assert.Contains($"Did you mean: {meant}\n", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_not_set_leaves_an_empty_place()
    {
        Assert.Equal(ExitCodes.Usage, await _world.GodwitAsync(["dump", "--from", "env:U", "--to", ""]));
        Assert.Contains("   why: --to is empty\n", _world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_on_the_command_line_is_warned_of_and_not_repeated()
    {
        // Refused before anything is reached, because there is no such folder.
        Assert.Equal(ExitCodes.Refused, await TypeAsync(
            "dump --from postgres://me:s3cret@127.0.0.1:1/shop --to /tmp/godwit-there-is-no-such-folder/x"));
        Assert.StartsWith("Warning: the password in --from can be seen by every user", _world.Error,
            StringComparison.Ordinal);
        Assert.Contains("--from env:SOURCE_URL", _world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", _world.Error + _world.Out, StringComparison.Ordinal);

        await TypeAsync("restore /tmp/godwit-there-is-no-such.dump --to postgres://me:s3cret@127.0.0.1:1/shop");
        Assert.StartsWith("Warning: the password in --to can be seen by every user", _world.Error,
            StringComparison.Ordinal);
        Assert.Contains("--to env:TARGET_URL", _world.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", _world.Error + _world.Out, StringComparison.Ordinal);

        await TypeAsync("dump --from postgres://me@127.0.0.1:1/shop --to /tmp/godwit-there-is-no-such-folder/x");
        Assert.DoesNotContain("Warning", _world.Error, StringComparison.Ordinal);
    }

    private Task<int> TypeAsync(string line) => _world.GodwitAsync(line.Split(' '));
}
