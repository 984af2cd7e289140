using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Targets;

/// <summary>A database that is there already, at whatever provider. It is taken only while it is empty, so what is
/// removed from it later is what this run has brought.</summary>
/// <param name="memory">Null: no run works with it, so nothing of it is ever removed.</param>
/// <param name="ledgerSchema">Removed last: until then it tells whose the rest is. Null: nothing is removed.</param>
public sealed class PostgresTarget(
    PostgresAddress address, IRunMemory? memory = null, string? ledgerSchema = null) : ITarget
{
    /// <summary>What the provider had put there before the run: an empty database has extensions and schemas.</summary>
    private static readonly RunKey<string> BeforeKey = RunKey.Text("target.before");

    public TargetName Name => new PostgresTargetName(address);

    HerokuTarget? ITarget.Heroku => null;

    public Task<PostgresAddress?> FindAddressAsync(CancellationToken ct) =>
        Task.FromResult<PostgresAddress?>(address);

    public Task<PostgresAddress> AddressAsync(CancellationToken ct) => Task.FromResult(address);

    public Task<Secret> UrlAsync(CancellationToken ct) => Task.FromResult(new Secret(PostgresUrl.Of(address)));

    /// <summary>While it is empty: remembers what else is there, so that it stays.</summary>
    internal async Task KeepAsync(PostgresSession session, CancellationToken ct) =>
        memory?.Remember(BeforeKey, memory.Recall(BeforeKey) ?? await DatabaseObjects.ListAsync(session, ct));

    /// <exception cref="FaultException"><c>load.not_claimed</c>: this run has not looked at it while it was
    /// empty.</exception>
    public async Task EmptyAsync(CancellationToken ct)
    {
        var before = memory?.Recall(BeforeKey) ?? throw new FaultException(TargetFaults.NotClaimed($"{address}"));
        await using var session = await PostgresSession.OpenAsync(address, ct);
        await DatabaseObjects.DropAllButAsync(session, before, ledgerSchema ?? "", ct);
    }
}
