using Godwit.EndToEnd.Migration;
using Godwit.HerokuLocal;
using Godwit.Proof;
using Godwit.Verify.Schema;
using Npgsql;

namespace Godwit.EndToEnd.Verify;

/// <summary>Two servers print one definition differently. The target then prints both.</summary>
public sealed class DefinitionTests(OtherServers others, SchemaCopies copies)
{
    private const string Otherwise = "the two servers print it differently, and ";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>13 is always a minor before November 2026, and 17 a later one. Which 15 is used depends on the
    /// machine.</summary>
    public static TheoryData<int, int> Majors => new() { { 13, 15 }, { 13, 17 }, { 15, 15 }, { 15, 17 } };

    /// <summary>The first minor of 15 that prints all of the sample in a form that can be parsed again.</summary>
    private const int ReadBackSince = 150020;

    [Theory, MemberData(nameof(Majors))]
    public async Task A_restored_copy_is_equal_however_its_server_prints_it(int from, int to)
    {
        var (source, target) = await MakeAsync(from, to);
        var result = await CompareAsync(source, target);
        Assert.Equal([], result.Objects);
        Assert.Empty(result.Omissions);
        Assert.True(result.DefinitionsPrinted > 0 || to == 15);
    }

    [Theory, MemberData(nameof(Majors))]
    public async Task A_real_difference_is_found_in_every_kind_of_definition(int from, int to)
    {
        var (source, target) = await MakeAsync(from, to);
        var isReadBack = await IsReadBackAsync(source.Server);
        var mutations = DefinitionSample.Mutations
            .Where(one => one.Since <= from && (isReadBack || one.Name != DefinitionSample.Zones)).ToList();
        foreach (var (sql, _, _, _) in mutations)
            await target.Server.ExecuteAsync(target.Name, sql, Ct);
        var result = await CompareAsync(source, target);
        Assert.All(result.Objects, one => Assert.Equal(Outcome.Different, one.Outcome));
        Assert.All(result.Objects,
            one => Assert.True(one is { Source: not null, Target: not null } && one.Source != one.Target));
        Assert.Equal(mutations.Select(one => (one.Class, one.Name)).Distinct().Append(("index", "order.apart")).Order(),
            result.Objects.Select(one => (one.Class, one.Name)).Order());
    }

    /// <summary>The target cannot print the definitions, and the result says why. Nothing differs, and nothing is
    /// proven equal.</summary>
    [Theory]
    [InlineData("REVOKE TEMPORARY ON DATABASE \"{0}\" FROM PUBLIC",
        "the role limosa has not the right TEMPORARY on the target's database")]
    [InlineData(
        "CREATE TABLE fired (a integer); "
        + "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO fired VALUES (1); "
        + "END'; CREATE EVENT TRIGGER watcher ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION watch()",
        "at the target, making anything would fire the event trigger watcher")]
    public async Task Where_the_target_cannot_print_both_it_is_not_compared_and_both_texts_are_there(
        string made, string why)
    {
        var (source, target) = await MakeAsync(13, 17);
        await target.Server.ExecuteAsync(target.Name,
            string.Format(System.Globalization.CultureInfo.InvariantCulture, made, target.Name), Ct);
        var result = await CompareAsync(source, target);
        var untold = result.Objects.Where(one => one.Outcome == Outcome.NotCompared).ToList();
        Assert.True(untold.Count > 5);
        Assert.All(untold, one => Assert.Equal(Otherwise + why, one.Why));
        Assert.All(untold,
            one => Assert.True(one is { Source: not null, Target: not null } && one.Source != one.Target));
        // Only the event trigger and what it uses are extra at the target.
        Assert.DoesNotContain(result.Objects, one => one is { Outcome: Outcome.Different, Source: not null });
        Assert.Equal(0, result.DefinitionsPrinted);
    }

    [Fact]
    public async Task A_target_that_is_read_only_by_default_prints_them_and_nothing_stays_there()
    {
        var (source, target) = await MakeAsync(13, 17);
        await target.Server.ExecuteAsync("postgres",
            $"ALTER DATABASE {target.Name} SET default_transaction_read_only = on", Ct);
        const string objects = "SELECT (SELECT count(*) FROM pg_class) + (SELECT count(*) "
            + "FROM pg_proc) + (SELECT count(*) FROM pg_namespace)";
        var before = await AskAsync(target, objects);
        var result = await CompareAsync(source, target);
        Assert.Empty(result.Objects);
        Assert.True(result.DefinitionsPrinted > 0);
        Assert.Equal(before, await AskAsync(target, objects));
    }

    private static async Task<long> AskAsync((LocalCluster Server, string Name) at, string sql)
    {
        await using var connection = await at.Server.OpenAsync(at.Name, Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }

    private static Task<SchemaResult> CompareAsync(
        (LocalCluster Server, string Name) source, (LocalCluster Server, string Name) target) =>
        SchemaCopies.CompareAsync(source.Server, source.Name, target.Server, target.Name);

    /// <summary>Of the two source majors, 13 had its last minor before November 2026.</summary>
    private static async Task<bool> IsReadBackAsync(LocalCluster source) =>
        await source.ScalarAsync<int>("postgres", "SELECT current_setting('server_version_num')::integer", Ct)
        >= ReadBackSince;

    /// <summary>Makes the sample, and a copy with pg_dump and pg_restore.</summary>
    private async Task<((LocalCluster Server, string Name) Source,
        (LocalCluster Server, string Name) Target)> MakeAsync(int from, int to)
    {
        var (source, target) = (await others.OfMajorAsync(from), await others.OfMajorAsync(to));
        await SchemaCopies.MakeRolesAsync(source);
        await SchemaCopies.MakeRolesAsync(target);
        var sample = await copies.CloneAsync(source, SchemaCopies.Empty,
            DefinitionSample.Made(from, await IsReadBackAsync(source)));
        var copy = await copies.CloneAsync(target, SchemaCopies.Empty);
        var script = Path.Combine(copies.Folder, $"{copy}.sql");
        Assert.Equal("", await SchemaCopies.RunAsync(to, "pg_dump", source, sample, ["--schema-only", "-f", script]));
        // Minors of November 2026 write an internal option to columns, which no other server accepts.
        var lines = await File.ReadAllLinesAsync(script, Ct);
        await File.WriteAllLinesAsync(script,
            lines.Where(line => !line.Contains("(pg_attver=", StringComparison.Ordinal)), Ct);
        var said = await SchemaCopies.RunAsync(to, "psql", target, copy,
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script]);
        Assert.True(said.Length == 0, said);
        return ((source, sample), (target, copy));
    }
}
