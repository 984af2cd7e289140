using Godwit.Faults;
using Godwit.Pipeline;

namespace Godwit.Assess;

/// <summary>There is a backup to go back to. Godwit cannot look into the provider's account, so a person vouches for
/// it.</summary>
public sealed class BackupStep(bool vouchedFor) : IStep
{
    public const string StepName = "backup";

    public string Name => StepName;

    public string Intent => "Make sure that a recent backup of the source exists";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct) => vouchedFor
        ? Task.FromResult(new Evidence("A recent backup of the source exists", "you said so: --i-have-a-backup"))
        : throw new FaultException(AssessFaults.NoBackup());
}
