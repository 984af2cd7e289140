using System.Globalization;
using Godwit.Faults;
using Godwit.Heroku;
using Godwit.Pipeline;

namespace Godwit.Cutover.Switch;

/// <summary>Sets a config var of an app that depends on the database to the target's URL. Heroku then restarts the
/// app.</summary>
/// <param name="name">Not the name of an attachment: attachments are promoted.</param>
/// <param name="url">The target's.</param>
public sealed class ConfigPart(
    HerokuClient heroku, string app, string name, Func<CancellationToken, Task<Secret>> url,
    IRunMemory memory) : ISwitchPart
{
    private const string WasSet = "set";
    private const string WasUnset = "unset";

    private readonly FormerValue _former = new(heroku, app, name);
    private readonly HerokuReleasePhases _phases = new(heroku);

    // The newest release before the change, and whether the variable was set.
    private RunKey<string> BeforeKey => RunKey.Text($"cutover.config.{app}.{name}");

    // Set from the request until the release has ended.
    private RunKey<bool?> AskedKey => RunKey.Mark($"{BeforeKey.Name}.asked");

    public string Subject => $"{name} of {app}";

    public string Intent => $"set {name} of {app} to the target's URL";

    public string UndoIntent => $"set {name} of {app} to what it was";

    private string Claim => $"{name} of {app} is the target's URL";

    public async Task<string> FindNowAsync(CancellationToken ct) => await heroku.FindAppAsync(app, ct) is null
        ? "the app is not there yet"
        : await _former.NowAsync(ct) is null ? "it is not set now" : "it is set now, and would get the target's URL";

    public async Task<string?> FindDoneAsync(CancellationToken ct)
    {
        if (memory.Recall(AskedKey) is not null)
            return null;
        return await IsOursAsync(ct) ? Claim : null;
    }

    public async Task<string> DoAsync(CancellationToken ct)
    {
        var target = await url(ct);
        // After a crash the former state is already remembered.
        if (memory.Recall(AskedKey) is null)
        {
            var now = await _former.NowAsync(ct);
            _former.Keep(now);
            memory.Remember(BeforeKey,
                $"{(await _phases.NewestAsync(app, ct)).ToString(CultureInfo.InvariantCulture)} "
                + $"{(now is null ? WasUnset : WasSet)}");
            memory.Remember(AskedKey, true);
        }

        if (!await IsOursAsync(ct))
            await _former.SetAsync(target, ct);
        await WaitAsync(Before().Release, "was set", ct);
        memory.Remember(AskedKey, null);
        return await IsOursAsync(ct) ? Claim : throw new FaultException(CutoverFaults.NotSet(app, name));
    }

    public async Task<string?> UndoAsync(CancellationToken ct)
    {
        if (memory.Recall(BeforeKey) is null)
            return null;
        var (before, wasSet) = Before();
        string? said = null;
        var isBack = false;
        if (await LeadsToTargetAsync(ct))
        {
            await _former.SetAsync(wasSet ? await _former.FindAsync(before, ct) : null, ct);
            (isBack, said) = (true, wasSet ? $"{name} of {app} is what it was" : $"{app} has no {name}, as before");
        }
        else if (memory.Recall(AskedKey) is null)
        {
            // A value that somebody else set meanwhile is kept.
            said = $"{name} of {app} does not lead to the target any more, and is left as it is";
        }

        var ours = await _phases.NewestAsync(app, ct);
        if (isBack
            && !await _phases.TakeBackAsync(app, before, Speaks, () => WaitAsync(ours - 1, "was put back", ct), ct))
            said += " (its release command failed again; its dynos run on as they did)";
        memory.Remember(AskedKey, null);
        memory.Remember(BeforeKey, null);
        return said;
    }

    private Task WaitAsync(int before, string change, CancellationToken ct) => _phases.WaitAsync(
        app, release => release.Version > before && Speaks(release), $"{name} {change}", ct);

    private bool Speaks(HerokuRelease release) => release.Description?.Contains(name, StringComparison.Ordinal) == true;

    private async Task<bool> IsOursAsync(CancellationToken ct) =>
        await _former.NowAsync(ct) is { } now && now.Equals(await url(ct));

    // Compares without the password, which may have been replaced since.
    private async Task<bool> LeadsToTargetAsync(CancellationToken ct) =>
        await _former.NowAsync(ct) is { } now && Place(now) == Place(await url(ct));

    private static string Place(Secret url) =>
        Uri.TryCreate(url.Reveal(), UriKind.Absolute, out var parsed)
            ? $"{parsed.Host}:{parsed.Port}{parsed.AbsolutePath}" : url.Reveal();

    private (int Release, bool WasSet) Before()
    {
        var parts = memory.Recall(BeforeKey)!.Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1] == WasSet);
    }
}
