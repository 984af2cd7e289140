using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Follows a backup, restore or copy to its end and judges the result.</summary>
public sealed class HerokuTransfers(HerokuClient heroku)
{
    /// <param name="app">The id of the app that owns the database.</param>
    /// <param name="transfer">The uuid from the call that started it.</param>
    /// <param name="limit">The longest wait. After that the transfer still runs at Heroku.</param>
    /// <param name="progress">Receives bytes done and <see cref="HerokuTransfer.State"/> after every read.</param>
    /// <exception cref="FaultException"><c>heroku.transfer_slow</c> at the limit; <c>heroku.lost_sight</c> after too
    /// many failed reads in a row. A failed transfer is a verdict, not an exception.</exception>
    public async Task<TransferVerdict> WatchAsync(
        string app, string transfer, TimeSpan limit, IProgress<HerokuTransfer>? progress, CancellationToken ct)
    {
        // The fault proposes Heroku's commands, which know a transfer by its short name.
        var name = transfer;
        var watch = new Watch(heroku, $"the transfer {transfer}", heroku.Options.TransferInterval, limit,
            state => HerokuFaults.TransferSlow(name, app, limit, state));
        void See(HerokuTransfer one)
        {
            name = one.Name;
            progress?.Report(one);
        }

        await watch.UntilAsync(() => heroku.FindTransferAsync(app, transfer, verbose: false, ct),
            one => one.FinishedAt is not null, one => one.State, See, ct);
        // The verdict also needs the log lines, because they may show errors that the flag does not.
        var whole = await watch.UntilAsync(() => heroku.FindTransferAsync(app, transfer, verbose: true, ct),
            one => one.FinishedAt is not null, one => one.State, seen: null, ct);
        return TransferVerdict.Of(whole);
    }
}
