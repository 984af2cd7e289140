using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>Follows a backup, restore or copy to its end and judges it.</summary>
public sealed class HerokuTransfers(HerokuClient heroku)
{
    /// <summary>Reads the transfer until it is over.</summary>
    /// <param name="app">The app that owns the database, by id.</param>
    /// <param name="transfer">The uuid that the starting call gave.</param>
    /// <param name="limit">The longest wait. When it is over the transfer still runs at Heroku.</param>
    /// <param name="progress">Told the transfer after every look: bytes done and <see cref="HerokuTransfer.State"/>.
    /// May be null.</param>
    /// <exception cref="FaultException"><c>heroku.transfer_slow</c> at the limit; <c>heroku.lost_sight</c> when too
    /// many looks in a row failed. A transfer that failed is no exception: it is the verdict.</exception>
    public async Task<TransferVerdict> WatchAsync(
        string app, string transfer, TimeSpan limit, IProgress<HerokuTransfer>? progress, CancellationToken ct)
    {
        // Heroku's commands, which a fault proposes, know a transfer by its short name.
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
        // The log lines are the second witness, so the verdict waits for them too.
        var whole = await watch.UntilAsync(() => heroku.FindTransferAsync(app, transfer, verbose: true, ct),
            one => one.FinishedAt is not null, one => one.State, seen: null, ct);
        return TransferVerdict.Of(whole);
    }
}
