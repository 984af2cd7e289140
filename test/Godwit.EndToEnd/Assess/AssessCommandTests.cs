using System.Text.Json;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Assess;

/// <summary><c>godwit assess</c> as a person and as a script meet it.</summary>
public sealed class AssessCommandTests(JourneyServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_database_and_its_target_have_nothing_in_the_way()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = await AssessAsync(rig, "--to", $"heroku:{rig.App}", "--via", rig.Via);

        Assert.True(end.Code == 0, end.Output + end.Error);
        Assert.Contains("Nothing stands in the way", end.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", end.Output, StringComparison.Ordinal);
        Assert.Empty(rig.RunFolders);
        await rig.AssertNoDatabaseWasOrderedAsync();
    }

    [Fact]
    public async Task What_stands_in_the_way_makes_the_exit_code_1_and_is_read_by_programs()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        await rig.Source.ExecuteAsync(rig.Database, "CREATE TABLE public.\"Pay roll\" (id int)", Ct);

        var end = await AssessAsync(rig, "--json");

        Assert.Equal(1, end.Code);
        using var json = JsonDocument.Parse(end.Output);
        Assert.Contains(json.RootElement.GetProperty("findings").EnumerateArray(), finding =>
            finding.GetProperty("code").GetString() == "assess.unreadable"
            && finding.GetProperty("severity").GetString() == "blocker");
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Output + end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_written_for_its_owner_alone()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        var page = Path.Combine(rig.StoreFolder, "..", "page.html");

        var end = await AssessAsync(rig, "--page", page);

        Assert.True(end.Code == 0, end.Output + end.Error);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
        Assert.Contains("Nothing stands in the way", await File.ReadAllTextAsync(page, Ct), StringComparison.Ordinal);
        Assert.DoesNotContain(GodwitRig.SecretMark, await File.ReadAllTextAsync(page, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_cannot_be_written_is_one_clear_fault()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);

        var end = await AssessAsync(rig, "--page", "/nowhere/page.html");

        Assert.Equal(2, end.Code);
        Assert.Contains("report.page_not_written", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_database_than_Heroku_s_is_compared_with_as_well()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["TARGET_URL"] = rig.Environment["SOURCE_URL"];

        var end = await AssessAsync(rig, "--to", "env:TARGET_URL");

        Assert.Equal(1, end.Code);
        Assert.Contains("assess.same_database", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_no_assessment()
    {
        await using var rig = await GodwitRig.CreateAsync(servers);
        rig.Environment["SOURCE_URL"] = new("postgres://shop@127.0.0.1:1/shop");

        var end = await AssessAsync(rig);

        Assert.Equal(3, end.Code);
        Assert.Empty(end.Output);
        Assert.Contains("postgres.", end.Error, StringComparison.Ordinal);
    }

    private static Task<GodwitEnd> AssessAsync(GodwitRig rig, params IReadOnlyList<string> more) =>
        rig.RunAsync(["assess", "--from", "env:SOURCE_URL", .. more]);
}
