using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Materialized views whose rows will differ at the target: their queries are not deterministic.</summary>
internal sealed class ViewsCheck : ICheck
{
    public string Name => "materialized views";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        IReadOnlySet<string> accepted = new HashSet<string>();
        try
        {
            accepted = await MaterializedViewName.ResolveAsync(world.Source, world.Request.AcceptViews, ct);
        }
        // Otherwise only the comparison after the restore would notice a mistyped name.
        catch (FaultException e) when (e.Fault.Kind == FaultKind.Usage)
        {
            notes.Add(Finding.Of(e.Fault));
        }

        var views = await VolatileView.FindAsync(world.Source, ct);
        if (views.Where(view => !accepted.Contains(view.Name)).ToList() is { Count: > 0 } differing)
            notes.Add(ViewsFindings.Volatile(Count(differing), Some(differing),
                string.Join('\n', differing.Take(NamedMax).Select(view => $"--accept-view '{view.Name}'"))));
        if (views.Where(view => accepted.Contains(view.Name)).ToList() is { Count: > 0 } taken)
            notes.Add(ViewsFindings.Accepted(Count(taken), Some(taken)));
    }

    // Flags that a finding offers to paste.
    private const int NamedMax = 20;

    private static string Count(IReadOnlyCollection<VolatileView> views) =>
        Phrase.Count(views.Count, "materialized view");

    private static string Some(IReadOnlyCollection<VolatileView> views) =>
        Phrase.ListClauses([.. views.Select(view => $"{view.Name} (because of {Phrase.List([.. view.Because])})")]);
}
