using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary>What standard error shows when a command stops: one fault, in three sentences and a code.</summary>
internal sealed record FaultShown(string What, string Why, string Next, string Code)
{
    /// <summary>The lines that a terminal shows at once, with room for a log's last lines.</summary>
    private const int LinesMax = 25;

    /// <summary>Parses the printed fault, and checks the rules for all faults.</summary>
    public static FaultShown Read(GodwitEnd end)
    {
        // "Stopping …" and similar lines may come before the fault, which is last.
        var text = end.Error[Math.Max(0, end.Error.IndexOf("godwit: ", StringComparison.Ordinal))..].TrimEnd();
        var (why, next, code) = (Place(text, "\n   why: "), Place(text, "\n  next: "), Place(text, "\n  code: "));
        Assert.True(text.StartsWith("godwit: ", StringComparison.Ordinal) && 0 < why && why < next && next < code,
            $"not one fault in its form: {end.Everything}");
        var shown = new FaultShown(text["godwit: ".Length..why], text[(why + 9)..next], text[(next + 9)..code],
            text[(code + 9)..]);
        shown.RequireLegible(end);
        return shown;
    }

    private void RequireLegible(GodwitEnd end)
    {
        Assert.Matches("^[a-z_]+(\\.[a-z0-9_]+)+$", Code);
        Assert.All([What, Why, Next],
            sentence => Assert.True(sentence.Trim().Length > 5, $"an empty sentence: {end.Everything}"));
        Assert.False(What.EndsWith('.') || Why.EndsWith('.'), $"a full stop too many: {end.Everything}");
        Assert.InRange(end.Error.Split('\n').Length, 4, LinesMax);
        // No stack trace, no exception's name, no record printed by ToString, no placeholder that was not filled in.
        Assert.DoesNotMatch(@"(?m)^\s+at [\w.<>]+\(|Exception\b|\{ \w+ = |<\w+>|System\.|\(null\)|\.\. | : \.",
            end.Everything);
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal);
    }

    private static int Place(string text, string label) => text.IndexOf(label, StringComparison.Ordinal);
}

/// <summary>Commands that must stop and change nothing.</summary>
internal static class BadInput
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs a command, by default the rig's migration. It must end with this code, and must have changed
    /// nothing.</summary>
    public static async Task<FaultShown> StopsAsync(
        this GodwitRig rig, int exitCode, string code, params IReadOnlyList<string> arguments)
    {
        var end = await rig.RunAsync(arguments.Count > 0 ? arguments : rig.Migrate);
        end.Expect(exitCode);
        var shown = FaultShown.Read(end);
        Assert.True(shown.Code == code, $"expected {code}, but: {end.Everything}");
        await rig.AssertUntouchedAsync();
        return shown;
    }

    /// <summary>The application works as before, the store is empty, and no run is unfinished.</summary>
    public static async Task AssertUntouchedAsync(this GodwitRig rig)
    {
        Assert.True(await rig.IsSourceWritableAsync(), "the source is read-only");
        Assert.Empty(rig.StoreFiles);
        if (await rig.AppExistsAsync())
        {
            Assert.False(await rig.IsInMaintenanceAsync(), "the app is in maintenance");
            Assert.Equal(GodwitRig.Workers, await rig.WorkersAsync());
        }

        foreach (var folder in rig.RunFolders)
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "journal.jsonl"), Ct);
            Assert.Equal("run_ended", JsonNode.Parse(lines[^1])!["kind"]!.GetValue<string>());
        }
    }

    /// <summary>No database may be ordered for a run that is refused.</summary>
    public static async Task AssertNoDatabaseWasOrderedAsync(this GodwitRig rig) =>
        Assert.Empty((await rig.GetAsync($"/apps/{rig.App}/addons")).AsArray());
}
