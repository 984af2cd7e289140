using System.Globalization;
using Godwit.Pipeline;

namespace Godwit.Load;

/// <summary>A link that gives Heroku this one object, for as long as a restore may take to fetch it.</summary>
/// <param name="restored">The restore is done: no link is needed.</param>
public sealed class LinkStep(RestoreLink link, Func<CancellationToken, Task<bool>> restored, TimeProvider clock) : IStep
{
    public string Name => "link";

    public StepTraits Traits => StepTraits.Downtime;

    public string Intent => "Sign a short-lived link to the dump, and read its first bytes through it";

    public async Task<Evidence?> FindEvidenceAsync(CancellationToken ct) =>
        await restored(ct) ? new Evidence("No link is needed any more", "the restore is done") : null;

    public async Task<Evidence> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var signed = await link.SignAsync(ct);
        var minutes = (signed.ExpiresAt - clock.GetUtcNow()).TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
        return new Evidence($"A link to the dump works for {minutes} minutes",
            $"{link.Why}; its first bytes were read through it: PGDMP");
    }
}
