using Godwit.Extract.Cleaning;
using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Targets;

namespace Godwit.Migration.Plans;

/// <summary>Gives owners and rights at the target after a restore that leaves them out, as Heroku's does. Each attempt
/// gives them again, because the restore may have run again: that has no further effect.</summary>
internal sealed class RightsStep(ITarget target, string folder, TimeProvider clock) : IStep
{
    public string Name => "rights";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent =>
        $"Give {target.Title} the rights that its restore leaves out: everybody's, and those of roles that it has";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var (all, refused) = await RightsFile.GiveAsync(
            Path.Combine(folder, RightsFile.Name), await target.AddressAsync(ct), ct);
        if (all == 0)
            return new($"{target.Title} needs no rights given",
                "nothing was granted or revoked at the source that the target has roles for");
        var list = Path.Combine(folder, LeftOutFile.Name);
        if (refused.Count > 0)
        {
            await LeftOutFile.AddAsync(list, refused, ct);
            progress.Report(LeftOutWords.Refused(Name, clock.GetUtcNow(), refused, list));
        }

        return new($"{target.Title} has {Phrase.Count(all - refused.Count, "right")} as at the source",
            $"the target took {Phrase.Count(all - refused.Count, "statement")} and refused "
            + $"{Phrase.Number(refused.Count)}");
    }
}
