using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Assess;

/// <summary>Godwit cannot see backups at the provider, so the user must confirm one.</summary>
public sealed class BackupStep(bool vouchedFor, PostgresAddress source) : IStep
{
    public const string StepName = "backup";

    public string Name => StepName;

    public StepTraits Traits => StepTraits.OnlyLooks;

    public string Intent => "Make sure that a recent backup of the source exists";

    public Task<Evidence?> FindEvidenceAsync(CancellationToken ct) => Task.FromResult<Evidence?>(null);

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        if (vouchedFor)
            return new Evidence("A recent backup of the source exists", "you said so: --i-have-a-backup");
        await using var session = await PostgresSession.OpenAsync(source, ct);
        var provider = await ProviderRecognition.FindAsync(session, ct);
        throw new FaultException(AssessFaults.NoBackup(provider.Remedies.TakeBackup(source)));
    }
}
