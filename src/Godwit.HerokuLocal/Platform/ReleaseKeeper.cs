using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Trouble;

namespace Godwit.HerokuLocal.Platform;

/// <summary>Gives every new release the config vars of its time, and lets the app's release command run, as far as
/// somebody ordered how it ends.</summary>
internal sealed class ReleaseKeeper(DatabaseServer databases, TroubleMaker trouble, TimeProvider clock)
{
    /// <summary>A process of this type is no dyno that runs: Heroku starts it at each release, and waits for its
    /// end.</summary>
    public const string Process = "release";

    /// <summary>Releases of one change (a promotion detaches and attaches) meet the same end.</summary>
    public void Complete(LocalState state)
    {
        foreach (var app in state.Apps.Where(app => app.Releases.Exists(one => one.Config is null)))
        {
            var config = state.Config(app, databases.Url);
            var fresh = app.Releases.FindAll(one => one.Config is null);
            if (trouble.Knows(Process) && !HasPhase(app))
                app.Formation.Add(new() { Type = Process, Command = $"bin/{Process}", UpdatedAt = clock.GetUtcNow() });
            var hasPhase = HasPhase(app);
            var (slow, fails) =
                hasPhase ? (trouble.Take(Process, "slow"), trouble.Take(Process, "fails")) : (null, null);
            foreach (var release in fresh)
            {
                release.Config = new(config, StringComparer.Ordinal);
                release.PhaseEndsAt = slow is null ? null : clock.GetUtcNow() + slow.Delay;
                release.Fails = fails is not null;
            }
        }
    }

    private static bool HasPhase(AppState app) => app.Formation.Exists(process => process.Type == Process);
}
