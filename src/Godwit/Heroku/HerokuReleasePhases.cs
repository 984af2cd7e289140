using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>An app with a process type <c>release</c> runs code of its own at every release, and its dynos get the
/// release's config vars only when that succeeded.
/// </summary>
public sealed class HerokuReleasePhases(HerokuClient heroku)
{
    /// <summary>Releases are looked through this far for those of a change; Heroku's command line looks at as
    /// many.</summary>
    private const int ReleasesMax = 5;

    /// <summary>Looked through for whether dynos ever ran with what was changed: nobody releases more often while an
    /// app is moved.</summary>
    private const int HistoryMax = 50;

    private const string Process = "release";

    /// <summary>The newest release; what comes behind it is of a change that is about to be made.</summary>
    /// <returns>0 when the app has none.</returns>
    public async Task<int> NewestAsync(string app, CancellationToken ct) =>
        (await heroku.ListReleasesAsync(app, max: 1, ct)).Select(one => one.Version).FirstOrDefault();

    /// <summary>Each release carries all config vars, so the newest one of the change decides, and a later one that
    /// succeeded decides too.</summary>
    /// <param name="isOfChange">Whether a release is of the change that is waited for.</param>
    /// <param name="change">What was changed, as a clause: <c>DATABASE_URL was set</c>.</param>
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

    /// <summary>Waits for the release of a change that takes another one back. When its command fails as the one before
    /// did, no dyno ever ran with what is taken back, and all of them run on as they did.</summary>
    /// <param name="before">The newest release before the change that is taken back.</param>
    /// <param name="isOfChange">Whether a release is of that change.</param>
    /// <returns>False: the command failed, and it does no harm.</returns>
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
