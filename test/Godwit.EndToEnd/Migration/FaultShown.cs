using System.Text.Json.Nodes;

namespace Godwit.EndToEnd.Migration;

/// <summary>What a frightened engineer reads on standard error when a command stops: one fault, in three sentences and
/// a code.</summary>
internal sealed record FaultShown(string What, string Why, string Next, string Code)
{
    /// <summary>What a terminal shows at once, with room for a log's last lines.</summary>
    private const int LinesMax = 25;

    /// <summary>Reads it as it is printed, and holds it to what every such text must keep.</summary>
    public static FaultShown Read(GodwitEnd end)
    {
        // "Stopping …" and the like may stand before it; the fault itself is the last word.
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
        // A stack trace, the name of an exception, a record that printed itself, something that was to be filled in
        // and was not.
        Assert.DoesNotMatch(@"(?m)^\s+at [\w.<>]+\(|Exception\b|\{ \w+ = |<\w+>|System\.|\(null\)|\.\. | : \.",
            end.Everything);
        Assert.DoesNotContain(GodwitRig.SecretMark, end.Everything, StringComparison.Ordinal);
    }

    private static int Place(string text, string label) => text.IndexOf(label, StringComparison.Ordinal);
}

/// <summary>Commands that must stop, and leave everything as it was.</summary>
internal static class BadInput
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs it, by default the rig's migration; it must end so, and must have changed nothing.</summary>
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

    /// <summary>The application works as before, nothing is in the store, and no run is left in the middle of
    /// anything.</summary>
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

    /// <summary>None may be bought for a run that is refused.</summary>
    public static async Task AssertNoDatabaseWasOrderedAsync(this GodwitRig rig) =>
        Assert.Empty((await rig.GetAsync($"/apps/{rig.App}/addons")).AsArray());
}
