using System.Text.Json;
using Godwit.Journal;
using Godwit.Migration.After;
using Godwit.Report;

namespace Godwit.App.Cli.Screens;

/// <summary>For people or as JSON.</summary>
internal sealed class AfterScreen(TextWriter writer, RunStory story, bool json)
{
    private const string Below = "        ";

    private readonly List<AfterResult> _results = [];

    /// <summary>Shows a requested task's result at once.</summary>
    public void Tell(AfterResult result)
    {
        _results.Add(result);
        if (!json)
            writer.WriteLine($"{(result.WasDone ? "Is done already" : "Done")}: {Words.Name(result.Said)}");
    }

    /// <param name="database">With its plan; null: Heroku could not be asked.</param>
    public void Show(IReadOnlyList<SeenItem> items, string? database)
    {
        if (json)
        {
            writer.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Event = "after_ended",
                    story.RunId,
                    Target = story.Target,
                    Database = database,
                    Results = _results,
                    Items = items.Select(one => new
                    {
                        one.Item.Key, one.State, one.Seen, one.Item.Text, one.Item.Commands,
                    }),
                },
                JournalJson.Options));
            return;
        }

        if (_results.Count > 0)
            writer.WriteLine();
        writer.WriteLine($"What is left after the run {story.RunId} to {story.Target}"
            + $"{(database is null ? "" : $", {Words.Name(database)}")}:");
        foreach (var one in items)
            Show(one);
        writer.WriteLine();
        int Count(AfterState state) => items.Count(one => one.State == state);
        writer.WriteLine($"{Words.Number(Count(AfterState.Done))} done, {Words.Number(Count(AfterState.Open))} open, "
            + $"{Words.Number(Count(AfterState.Unseen))} cannot be seen from here (marked with ?).");
    }

    // Finished items show neither text nor commands.
    private void Show(SeenItem one)
    {
        if (one.State != AfterState.Done)
            writer.WriteLine();
        var seen = one.Seen is { } said ? $": {Words.Name(said)}" : "";
        writer.WriteLine($"  {Mark(one.State),-4}  {one.Item.Key}{seen}");
        if (one.State == AfterState.Done)
            return;
        writer.WriteLine(Below + Words.Name(one.Item.Text));
        foreach (var command in one.Item.Commands)
            writer.WriteWhole($"{Below}    {Words.Name(command)}");
    }

    private static string Mark(AfterState state) => state switch
    {
        AfterState.Done => "done",
        AfterState.Open => "open",
        _ => "?",
    };
}
