using Godwit.Faults;
using Godwit.Pipeline;
using Godwit.Postgres;

namespace Godwit.Targets;

/// <summary>An existing database at any provider. A run accepts it only while it is empty, so later it removes only its
/// own.</summary>
/// <param name="memory">Null: no run uses it, nothing is removed.</param>
/// <param name="ledgerSchema">Removed last: until then it shows whose the rest is. Null: nothing is removed.</param>
public sealed class PostgresTarget(
    PostgresAddress address, IRunMemory? memory = null, string? ledgerSchema = null) : ITarget
{
    // The provider's objects from before the run: even an empty database has extensions and schemas.
    private static readonly RunKey<string> BeforeKey = RunKey.Text("target.before");

    public TargetName Name => new PostgresTargetName(address);

    HerokuTarget? ITarget.Heroku => null;

    public Task<PostgresAddress?> FindAddressAsync(CancellationToken ct) =>
        Task.FromResult<PostgresAddress?>(address);

    public Task<PostgresAddress> AddressAsync(CancellationToken ct) => Task.FromResult(address);

    public Task<Secret> UrlAsync(CancellationToken ct) => Task.FromResult(new Secret(PostgresUrl.Of(address)));

    /// <summary>Remembers the empty database's other objects, so that they stay.</summary>
    internal async Task KeepAsync(PostgresSession session, CancellationToken ct) =>
        memory?.Remember(BeforeKey, memory.Recall(BeforeKey) ?? await DatabaseObjects.ListAsync(session, ct));

    /// <exception cref="FaultException"><c>load.not_claimed</c>: this run did not see it empty.</exception>
    public async Task EmptyAsync(CancellationToken ct)
    {
        var before = memory?.Recall(BeforeKey) ?? throw new FaultException(TargetFaults.NotClaimed($"{address}"));
        await using var session = await PostgresSession.OpenAsync(address, ct);
        await DatabaseObjects.DropAllButAsync(session, before, ledgerSchema ?? "", ct);
    }
}
