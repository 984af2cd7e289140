using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify.Queries;

/// <summary>A query's result on one side, in pages.</summary>
internal sealed class QuerySide(PostgresSession session, string query)
{
    // The only part of a result in memory.
    private const int PageRows = 200;

    // For one page. The application may be frozen meanwhile, and should not wait longer.
    private const string PageMax = "10min";

    private readonly Queue<IReadOnlyList<string?>> _page = [];
    private bool _isLast;

    public IReadOnlyList<ResultColumn> Columns { get; private set; } = [];

    /// <summary>In a savepoint, so that the query's errors do not end the side's transaction.</summary>
    /// <returns>The server's error; null: none.</returns>
    public async Task<string?> OpenAsync(CancellationToken ct)
    {
        await session.ExecuteAsync("SAVEPOINT godwit_query", ct);
        return await TryAsync(async () =>
        {
            // Resolve table names as the application's session would.
            await session.ExecuteAsync("SET LOCAL search_path TO DEFAULT", ct);
            await session.ExecuteAsync($"SET LOCAL statement_timeout = '{PageMax}'", ct);
            Columns = await session.DescribeAsync(query, ct);
            var names = Enumerable.Range(1, Columns.Count).Select(number => $"c{number}").ToList();
            // concat uses the output function; a cast of char(n) to text would drop blanks.
            var values = names.Select(name =>
                $"CASE WHEN pg_catalog.num_nulls({name}) = 0 THEN pg_catalog.concat({name}) END");
            await session.ExecuteAsync($"""
                DECLARE godwit_result NO SCROLL CURSOR FOR
                SELECT ARRAY[{string.Join(", ", values)}]::pg_catalog.text[] FROM ({query}
                ) godwit_query ({string.Join(", ", names)})
                """, ct);
        });
    }

    /// <summary>The server's error during reading; null: none.</summary>
    public string? Refusal { get; private set; }

    /// <summary>As text; null: after the last row, or an error.</summary>
    public async Task<IReadOnlyList<string?>?> NextAsync(CancellationToken ct)
    {
        if (_page.Count == 0 && !_isLast)
        {
            Refusal = await TryAsync(async () =>
            {
                foreach (var row in await session.RowsAsync($"FETCH {PageRows} FROM godwit_result",
                    row => row.GetFieldValue<string?[]>(0), ct))
                    _page.Enqueue(row);
            });
            _isLast = _page.Count < PageRows;
        }

        return _page.TryDequeue(out var next) ? next : null;
    }

    public Task CloseAsync(CancellationToken ct) => session.ExecuteAsync("ROLLBACK TO SAVEPOINT godwit_query", ct);

    private static async Task<string?> TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (FaultException e)
            when (PostgresSession.StateOf(e) is { } state && !IsEnd(state) && !PostgresSession.IsRecoveryConflict(e))
        {
            return e.Fault.Why;
        }
    }

    // The session was lost, rather than the query failed.
    private static bool IsEnd(string state) => state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("08", StringComparison.Ordinal) || state is "25P03" or "25P04";
}
