using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify.Queries;

/// <summary>A query's results on one side, a page at a time.</summary>
internal sealed class QuerySide(PostgresSession session, string query)
{
    /// <summary>Rows of one page, which is what is held of a result.</summary>
    private const int PageRows = 200;

    /// <summary>What one page may take. A query that takes longer is no check that somebody waits for behind a frozen
    /// application.</summary>
    private const string PageMax = "10min";

    private readonly Queue<IReadOnlyList<string?>> _page = [];
    private bool _isLast;

    public IReadOnlyList<ResultColumn> Columns { get; private set; } = [];

    /// <summary>Describes the query and opens it, in a savepoint: what goes wrong in it does not end the side's
    /// transaction.</summary>
    /// <returns>What the server has against it; null: nothing.</returns>
    public async Task<string?> OpenAsync(CancellationToken ct)
    {
        await session.ExecuteAsync("SAVEPOINT godwit_query", ct);
        return await TryAsync(async () =>
        {
            // Names of tables are looked up as the application's session would.
            await session.ExecuteAsync("SET LOCAL search_path TO DEFAULT", ct);
            await session.ExecuteAsync($"SET LOCAL statement_timeout = '{PageMax}'", ct);
            Columns = await session.DescribeAsync(query, ct);
            var names = Enumerable.Range(1, Columns.Count).Select(number => $"c{number}").ToList();
            // By its output function and not by a cast: that of char(n) drops blanks.
            var values = names.Select(name =>
                $"CASE WHEN pg_catalog.num_nulls({name}) = 0 THEN pg_catalog.concat({name}) END");
            await session.ExecuteAsync($"""
                DECLARE godwit_result NO SCROLL CURSOR FOR
                SELECT ARRAY[{string.Join(", ", values)}]::pg_catalog.text[] FROM ({query}
                ) godwit_query ({string.Join(", ", names)})
                """, ct);
        });
    }

    /// <summary>What the server has against the query, in the middle of its results; null: nothing.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The next row, as text; null behind the last, and when the query was refused.</summary>
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

    /// <summary>The session is gone, not the query.</summary>
    private static bool IsEnd(string state) => state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("08", StringComparison.Ordinal) || state is "25P03" or "25P04";
}
