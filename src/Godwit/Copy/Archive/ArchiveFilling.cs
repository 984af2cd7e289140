using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Copy.Archive;

/// <summary>Fills the target from the archive that an earlier step made of the source.</summary>
/// <param name="openAsync">Opens the archive; the caller disposes it.</param>
internal sealed class ArchiveFilling(
    string name, Func<CancellationToken, Task<ArchiveFilling.IPlace>> openAsync, FillOptions options,
    TimeProvider clock) : IFilling
{
    internal interface IPlace : IArchivePlace, IAsyncDisposable;

    public string StepName => ArchiveRestore.StepName;

    public string Intent => $"Restore {name}";

    public bool IsFixed => true;

    public async Task<CopyResult> FillAsync(
        PostgresAddress target, bool resumes, CopyWatch watch, IProgress<StepEvent> progress,
        Func<PostgresSession, CancellationToken, Task> end, CancellationToken ct)
    {
        await using var place = await openAsync(ct);
        return await new ArchiveRestore(place, target, options with { Resumes = resumes }, clock)
            .RestoreAsync(watch, () => { }, end, ct);
    }
}
