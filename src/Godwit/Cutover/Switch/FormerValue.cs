using Godwit.Faults;
using Godwit.Heroku;

namespace Godwit.Cutover.Switch;

/// <summary>A config var's value before the change. It may hold a password, so it is in no file: it is kept in memory,
/// or read from the app's release history.</summary>
internal sealed class FormerValue(HerokuClient heroku, string app, string name)
{
    private Secret? _value;

    public void Keep(Secret? value) => _value = value;

    /// <param name="before">The newest release before the change.</param>
    /// <exception cref="FaultException"><c>cutover.old_value</c>: Heroku does not return it.</exception>
    public async Task<Secret> FindAsync(int before, CancellationToken ct)
    {
        if (_value is { } known)
            return known;
        try
        {
            var then = await heroku.GetReleaseConfigVarsAsync(app, before, ct);
            return then.TryGetValue(name, out var value) ? value : throw new FaultException(CutoverFaults.OldValue(app,
                name, before, "the release does not hold it"));
        }
        catch (FaultException e) when (e.Fault.Kind == FaultKind.Refused)
        {
            throw new FaultException(CutoverFaults.OldValue(app, name, before, e.Fault.Why), e);
        }
    }

    public Task SetAsync(Secret? value, CancellationToken ct) =>
        heroku.PatchConfigVarsAsync(app, new Dictionary<string, Secret?> { [name] = value }, ct);

    /// <returns>Null: the app has no such variable.</returns>
    public async Task<Secret?> NowAsync(CancellationToken ct) =>
        (await heroku.GetConfigVarsAsync(app, ct)).TryGetValue(name, out var value) ? value : null;
}
