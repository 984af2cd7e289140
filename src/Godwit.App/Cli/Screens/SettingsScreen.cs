using Godwit.Report;
using Godwit.Settings;

namespace Godwit.App.Cli.Screens;

/// <summary>For people.</summary>
/// <param name="writer">Null: standard output is for a program.</param>
internal sealed class SettingsScreen(TextWriter? writer)
{
    // Three columns with two blanks between them fit 80. Longer values are in the statement, the CSV and the JSON.
    private const int NameMax = 34;
    private const int ValueMax = 20;

    private readonly TextWriter _out = writer ?? TextWriter.Null;

    /// <summary>Before any change.</summary>
    public void Show(SettingsComparison comparison, bool showsAll)
    {
        _out.WriteLine($"Source  {Words.Name(comparison.Source)}, PostgreSQL {comparison.SourceMajor}");
        _out.WriteLine($"Target  {Words.Name(comparison.Target)}, "
            + $"PostgreSQL {comparison.TargetMajor}{(comparison.Plan is { } plan ? $", {plan}" : "")}");
        if (comparison.ToSeeAll is { } grant)
        {
            _out.WriteLine("What the source shows only to administrators was not compared.");
            _out.WriteLine($"  next: If you miss something, run there: {Words.Name(grant)}");
        }

        IReadOnlyList<SettingDifference> Of(SettingKind kind) =>
            [.. comparison.Differences.Where(one => one.Kind == kind)];
        var (noise, same) = (Of(SettingKind.Noise), Of(SettingKind.Same));
        Section("Can be carried over with ALTER DATABASE and ALTER ROLE", Of(SettingKind.Carried),
            $"-- {comparison.Psql ?? "psql, at the target"}");
        Section("Can be set at Heroku", Of(SettingKind.Heroku));
        Reasons("Not carried over, with the reason", Of(SettingKind.Decided));
        if (showsAll)
        {
            Reasons("Says nothing about the application", noise);
            Section("The same on both sides", same);
        }
        else if (noise.Count + same.Count > 0)
        {
            _out.WriteLine();
            _out.WriteLine($"Not shown (--all): {Words.Count(noise.Count, "difference")} that "
                + $"{(noise.Count == 1 ? "says" : "say")} nothing about the application,");
            _out.WriteLine($"and {Words.Count(same.Count, "setting")} that the target has already.");
        }
    }

    /// <summary>Changes made or possible.</summary>
    /// <param name="carried">Null: none were asked for.</param>
    public void Show(CarriedSettings? carried, SettingsComparison before)
    {
        _out.WriteLine();
        if (!before.Pending.Any())
        {
            _out.WriteLine("Nothing is left to carry over.");
        }
        else if (carried is null)
        {
            _out.WriteLine($"{Words.Count(before.Pending.Count(), "setting")} can be carried over: "
                + "paste the lines above, or add --apply.");
        }
        else
        {
            foreach (var one in carried.All)
                _out.WriteLine(Line(one));
            _out.WriteLine(carried.All.All(one => one.Stands)
                ? "All of it stands at the target: read in a new session. Open ones keep what they have."
                : $"{carried.All.Count(one => one.Stands)} of {Words.Count(carried.All.Count, "setting")} stand at the "
                    + "target: read in a new session.");
        }
    }

    public static string Line(CarriedSetting one) => one.Refusal is { } refusal
        ? $"✗ {Words.Name(Name(one.Difference))} was not carried over: {Words.Name(refusal)}"
        : $"✓ {Words.Name(Name(one.Difference))} = {Words.Name(one.Difference.Source ?? "")}";

    private static string Name(SettingDifference one) => one.Role is null ? one.Name : $"{one.Name} of {one.Role}";

    private void Section(string title, IReadOnlyList<SettingDifference> all, string? place = null)
    {
        if (!Begin(title, all))
            return;
        foreach (var one in all)
            Row(one);
        var hidden = all.Count(one => one is { CanBeSet: true, Do: null });
        if (all.Any(one => one.CanBeSet))
            _out.WriteLine();
        if (place is not null && all.Any(one => one.Do is not null))
            _out.WriteLine($"  {place}");
        foreach (var statement in all.Select(one => one.Do).OfType<string>())
            _out.WriteWhole($"  {Words.Name(statement)}");
        if (hidden > 0)
            _out.WriteLine($"  -- {Words.Count(hidden, "value")} may be secret and {(hidden == 1 ? "is" : "are")} not "
                + $"shown; --apply carries {(hidden == 1 ? "it" : "them")}");
    }

    private void Reasons(string title, IReadOnlyList<SettingDifference> all)
    {
        if (!Begin(title, all))
            return;
        foreach (var reason in all.GroupBy(one => one.Why).OrderByDescending(reason =>
            reason.Any(one => one.IsOfDatabase)).ThenByDescending(reason => reason.Any(one => one.IsMeant)))
        {
            _out.WriteLine($"- {Words.Name(reason.Key)}:");
            foreach (var one in reason)
                Row(one);
        }
    }

    private bool Begin(string title, IReadOnlyList<SettingDifference> all)
    {
        if (all.Count == 0)
            return false;
        _out.WriteLine();
        _out.WriteLine($"{title} ({Words.Number(all.Count)})");
        _out.WriteLine($"  {"",-NameMax}  {"source",-ValueMax}  target");
        return true;
    }

    private void Row(SettingDifference one) =>
        _out.WriteLine(($"  {Cut(Name(one), NameMax),-NameMax}  {Cut(one.Source ?? "(none)", ValueMax),-ValueMax}"
            + $"  {Cut(one.Target ?? "(none)", ValueMax)}").TrimEnd());

    private static string Cut(string text, int max)
    {
        var name = text.Length == 0 ? "''" : Words.Name(text);
        return name.Length <= max ? name : name[..(max - 1)] + "…";
    }
}
