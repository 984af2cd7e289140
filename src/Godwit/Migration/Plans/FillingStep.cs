using Godwit.Copy;
using Godwit.Dump;

namespace Godwit.Migration.Plans;

/// <summary>The step with which Godwit itself fills the target, whatever it fills it with.</summary>
internal static class FillingStep
{
    public static CopyStep Of(RunContext run, IFilling filling)
    {
        var confirmation = run.Parts.Target.Confirmation;
        var target = new CopyTarget(run.Target.Title, run.Target.FindAddressAsync, run.HoldTargetAsync,
            ct => EmptyTargetAsync(run, ct))
        {
            HowToGiveUp = run.Heroku is null ? "Take it elsewhere and empty the database"
                : $"If all of it may be lost: godwit resume --confirm {confirmation}. Otherwise take it elsewhere and "
                    + "empty the database (heroku pg:reset)",
            // A database that is ordered for a rehearsal is nobody's else.
            IsGivenUp = run.Settings.Rehearsal is not null
                || (run.Heroku is not null && run.Settings.Heroku.Confirm == confirmation),
            BeginAsync = run.Guard.BeginAsync,
            FilledAsync = run.Guard.FilledAsync,
            EndAsync = run.Guard.EndAsync,
        };
        return new(target, filling, run.Memory, DumpMemory.FreezeKey, run.LeftOutFile, run.Clock);
    }

    /// <summary>Whoever empties a database at Heroku ends all sessions there, also the one of the lock.</summary>
    private static async Task EmptyTargetAsync(RunContext run, CancellationToken ct)
    {
        await run.Target.EmptyAsync(ct);
        await run.HoldTargetAsync(ct);
    }
}
