using Godwit.HerokuLocal.Databases;
using Godwit.HerokuLocal.State;
using Godwit.HerokuLocal.Trouble;

namespace Godwit.HerokuLocal.Platform;

/// <summary>Stores the config vars in every new release, and simulates the app's release command if a fault for it is
/// set.</summary>
internal sealed class ReleaseKeeper(DatabaseServer databases, FaultSimulator trouble, TimeProvider clock)
{
    /// <summary>Type of the release command. It is no running dyno: Heroku starts it at each release and waits for its
    /// end.</summary>
    public const string Process = "release";

    /// <summary>All releases of one change end alike: a promotion makes two, a detach and an attach.</summary>
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
