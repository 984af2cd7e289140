using System.Diagnostics;
using System.Globalization;
using Godwit.EndToEnd.Migration;
using Godwit.EndToEnd.Servers;
using Npgsql;

namespace Godwit.EndToEnd.Assess;

/// <summary>What is measured of the line, and what follows from it.</summary>
public sealed class TimeTests(OtherServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    public async Task The_size_of_the_dump_is_estimated_from_a_sample(int major)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(major));
        // A hundred thousand rows of 64 digits that deflate makes about half as large, and a table whose values
        // lie beside it.
        await rig.ExecuteAsOwnerAsync("""
            CREATE TABLE public.digits AS SELECT md5(i::text) || md5((-i)::text) AS digits
                FROM generate_series(1, 100000) i;
            CREATE TABLE public.wide (data text);
            ALTER TABLE public.wide ALTER data SET STORAGE EXTERNAL;
            INSERT INTO public.wide SELECT repeat(md5(i::text), 500) FROM generate_series(1, 300) i
            """);

        var (_, told) = Assert.Single((await rig.AssessAsync()).Facts, fact => fact.Key == "estimated dump");

        // 6.5 MB of digits become 3.7 MB; 4.8 MB of repeated ones next to nothing.
        var megabytes = double.Parse(told.Split("about ")[1].Split(" MB")[0], CultureInfo.InvariantCulture);
        Assert.True(megabytes is > 3 and < 4.6, told);
        Assert.StartsWith("less than a minute", told, StringComparison.Ordinal);
    }

    /// <summary>Names and texts are bytes to the sample, whatever they mean.</summary>
    [Theory]
    [InlineData("ENCODING 'LATIN1' LOCALE 'C'", "Größe", "é")]
    [InlineData("ENCODING 'UTF8' LOCALE 'C'", "wow ♥ \"yes\"", "♥")]
    [InlineData("ENCODING 'SQL_ASCII' LOCALE 'C'", "plain", "\\xe9")]
    public async Task Names_and_texts_in_any_encoding(string options, string name, string text)
    {
        await using var rig = await AssessRig.CreateAsync(await servers.OfMajorAsync(15), options);
        var quoted = Godwit.Postgres.ServerCatalog.Quote(name);
        await rig.ExecuteAsOwnerAsync($"CREATE TABLE public.{quoted} AS SELECT md5(i::text) || E'{text}' AS digits "
            + "FROM generate_series(1, 30000) i");

        var assessment = await rig.AssessAsync();

        Assert.Contains(assessment.Facts, fact => fact.Key == "estimated dump");
        Assert.True(Assert.Single(assessment.Checks, check => check.Name == "distance and time").CouldLook);
    }

    [Fact]
    public async Task An_empty_database_has_no_estimate()
    {
        await using var rig = await RigAsync();

        Assert.DoesNotContain((await rig.AssessAsync()).Facts,
            fact => fact.Key.StartsWith("estimated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_source_far_away_is_noted_and_does_not_take_for_ever()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync(
            "CREATE TABLE public.digits AS SELECT md5(i::text) AS digits FROM generate_series(1, 200000) i");
        await rig.FindsNoAsync("assess.far");
        await using var line = new TcpLine(rig.Server.Port) { Delay = TimeSpan.FromMilliseconds(60) };
        var watch = Stopwatch.StartNew();

        var finding = await rig.FindsAsync("assess.far",
            change: parts => parts with { Source = parts.Source with { Port = line.Port } });

        Assert.StartsWith("The source is 1", finding.What, StringComparison.Ordinal);
        // Some forty questions at an eighth of a second, and two seconds of reading.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task A_table_that_somebody_has_locked_is_waited_for_once()
    {
        await using var rig = await RigAsync();
        await rig.ExecuteAsOwnerAsync("CREATE TABLE public.busy (id int)");
        await using var other = await rig.Server.OpenAsync(rig.Name, Ct);
        await using var held = await other.BeginTransactionAsync(Ct);
        await using var locking = new NpgsqlCommand("LOCK TABLE public.busy", other);
        await locking.ExecuteNonQueryAsync(Ct);
        var watch = Stopwatch.StartNew();

        var assessment = await rig.AssessAsync();

        Assert.Contains(assessment.Findings,
            finding => finding is { Code: "assess.unchecked", What: "Could not check: size" });
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }

    private async Task<AssessRig> RigAsync() => await AssessRig.CreateAsync(await servers.OfMajorAsync(15));
}
