using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Waits for release phases. An app with a process type <c>release</c> runs its own code at every release, and
/// its dynos get the release's config vars only if that succeeds.</summary>
public sealed class HerokuReleasePhases(HerokuClient heroku)
{
    // Newest releases in which a change's release is searched; Heroku's command line reads as many.
    private const int ReleasesMax = 5;

    // Releases in which we search whether dynos ever ran with the change. Nobody releases more often during a
    // migration.
    private const int HistoryMax = 50;

    private const string Process = "release";

    /// <summary>Read this version before a change: later releases belong to the change. 0: the app has none.</summary>
    public async Task<int> NewestAsync(string app, CancellationToken ct) =>
        (await heroku.ListReleasesAsync(app, max: 1, ct)).Select(one => one.Version).FirstOrDefault();

    /// <summary>Waits for the newest release of the change. A later release that succeeded also ends the wait, because
    /// each release carries all config vars.</summary>
    /// <param name="change">The change as a clause: <c>DATABASE_URL was set</c>.</param>
    /// <exception cref="FaultException"><c>heroku.release_failed</c>, <c>heroku.release_slow</c>.</exception>
    public async Task WaitAsync(string app, Func<HerokuRelease, bool> isOfChange, string change, CancellationToken ct)
    {
        var formation = await heroku.GetFormationAsync(app, ct);
        if (!formation.Any(process => process.Type == Process))
            return;
        var releases = await heroku.ListReleasesAsync(app, ReleasesMax, ct);
        var release = releases.FirstOrDefault(isOfChange);
        if (release is null || releases.Any(one => one.Version > release.Version && one.Status == "succeeded"))
            return;

        var version = $"v{release.Version}";
        var limit = heroku.Options.ReleasePhaseMax;
        var watch = new Watch(heroku, $"the release {version} of {app}", heroku.Options.ProvisionInterval, limit,
            _ => HerokuFaults.ReleaseSlow(app, version, limit));
        var ended = await watch.UntilAsync<HerokuRelease>(async () => await heroku.GetReleaseAsync(app, release.Id, ct),
            one => one.Status != "pending", one => one.Status ?? "unknown", seen: null, ct);
        if (ended.Status == "failed")
            throw new FaultException(HerokuFaults.ReleaseFailed(app, version, change));
    }

    /// <summary>Rolls a change back and waits for the release. If that fails like the change's own release did, no dyno
    /// ever ran with the change, and all run on as before.</summary>
    /// <param name="before">The newest release before the change.</param>
    /// <returns>False: the release command failed without harm.</returns>
    /// <exception cref="FaultException"><c>heroku.dynos_stay</c>.</exception>
    public async Task<bool> TakeBackAsync(
        string app, int before, Func<HerokuRelease, bool> isOfChange, Func<Task> takeBack, CancellationToken ct)
    {
        try
        {
            await takeBack();
            return true;
        }
        catch (FaultException e) when (e.Fault.Code == "heroku.release_failed")
        {
            var since = (await heroku.ListReleasesAsync(app, HistoryMax, ct))
                .Where(one => one.Version > before).OrderBy(one => one.Version);
            if (since.SkipWhile(one => !isOfChange(one)).Any(one => one.Status == "succeeded"))
                throw new FaultException(HerokuFaults.DynosStay(app, e.Fault.Why), e);
            return false;
        }
    }
}
