using System.Collections.Concurrent;
using Godwit.Postgres;

namespace Godwit.Verify;

/// <summary>Counts on one side, over connections that are kept and taken in turn: never more than there are counts at once.</summary>
/// <param name="tables">The tables this side has.</param>
internal sealed class CountingSide(PostgresAddress address, HashSet<string> tables) : IAsyncDisposable
{
    /// <summary>The name under which large objects stand in the comparison.</summary>
    public const string LargeObjects = "(large objects)";

    private readonly ConcurrentBag<PostgresSession> _idle = [];

    /// <summary>Null when this side has no such table.</summary>
    public async Task<long?> CountAsync(string name, CancellationToken ct)
    {
        if (name != LargeObjects && !tables.Contains(name))
            return null;
        if (!_idle.TryTake(out var session))
            session = await PostgresSession.OpenAsync(address, ct);
        try
        {
            return name == LargeObjects
                ? await ServerCatalog.LargeObjectsAsync(session, ct)
                : await ServerCatalog.CountRowsAsync(session, name, ct);
        }
        finally
        {
            _idle.Add(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _idle)
            await session.DisposeAsync();
    }
}
