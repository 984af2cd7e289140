using Godwit.Faults;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Creates the source's definitions at the target if asked to: no other check knows all that a server
/// refuses.</summary>
internal sealed class TrialCheck : ICheck
{
    public string Name => "definitions at the target";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.TryDefinitionsAsync is not { } tryAsync)
            return;
        if (world.Target is not { } target)
        {
            notes.Add(TrialFindings.NotTried("there is no target yet to try them in"));
            return;
        }

        var tried = await tryAsync(target.Address, ct);
        if (tried.WhyNot is { } why)
            notes.Add(TrialFindings.NotTried(why));
        else if (tried.Refused is not { } refused)
            notes.AddFact("trial",
                $"{Phrase.Count(tried.Made, "definition was", "definitions were")} made at the target in one "
                + "transaction, which was rolled back");
        else
            notes.Add(TrialFindings.Refused(world.Parts.Target!.Title, refused.Count, refused.Named,
                refused.Statements));
    }
}
