namespace Godwit.Verify.Schema;

/// <param name="IsCalled"><paramref name="Last"/> was already given out.</param>
internal sealed record SequenceValue(string Name, long Last, bool IsCalled, long Increment)
{
    /// <summary>Ignores the sequence's bounds.</summary>
    public Int128 Next => IsCalled ? (Int128)Last + Increment : Last;

    public override string ToString() => $"last value: {Last}{(IsCalled ? "" : ", not yet given out")}";
}

/// <param name="Unread">Each with the reason as a clause.</param>
internal sealed record SequenceValues(
    IReadOnlyDictionary<string, SequenceValue> Read, IReadOnlyDictionary<string, string> Unread)
{
    // Read by one statement.
    private const int AtOnceMax = 200;

    public static SequenceValues None { get; } = new(new Dictionary<string, SequenceValue>(),
        new Dictionary<string, string>());

    public static async Task<SequenceValues> ReadAsync(Side side, SqlText sql, CancellationToken ct)
    {
        var (found, why) = await SchemaSide.TryAsync(side, $"""
            SELECT format('%I.%I', n.nspname, c.relname), s.seqincrement, coalesce(has_schema_privilege(n.oid, 'USAGE')
                AND has_table_privilege(c.oid, 'SELECT'), true), current_user::text, c.relpersistence = 'u'
            {CatalogSql.Relations} JOIN pg_sequence s ON s.seqrelid = c.oid ORDER BY 1
            """, row => (Name: row.GetString(0), Increment: row.GetInt64(1), MayRead: row.GetBoolean(2),
                Role: row.GetString(3), IsUnlogged: row.GetBoolean(4)), ct);
        if (found is not { } all)
            return None with { Unread = new Dictionary<string, string> { ["(all)"] = why! } };
        var read = new Dictionary<string, SequenceValue>();
        var unread = all.Where(one => !one.MayRead)
            .ToDictionary(one => sql.Normal(one.Name), one => $"the role {one.Role} may not read it");
        foreach (var one in all.Where(one => one.MayRead && one.IsUnlogged && side.IsStandby))
            unread[sql.Normal(one.Name)] = "a standby has no value of it: it is unlogged";
        var readable = all.Where(one => one.MayRead && !(one.IsUnlogged && side.IsStandby));
        var open = new Queue<IReadOnlyList<(string Name, long Increment, bool MayRead, string Role, bool IsUnlogged)>>(
            readable.Chunk(AtOnceMax));
        while (open.TryDequeue(out var some))
        {
            var statement = string.Join(" UNION ALL ",
                some.Select((one, at) => $"SELECT {at}, last_value, is_called FROM {one.Name}"));
            var (rows, refused) = await SchemaSide.TryAsync(side, statement,
                row => (At: row.GetInt32(0), Last: row.GetInt64(1), IsCalled: row.GetBoolean(2)), ct);
            foreach (var (at, last, isCalled) in rows ?? [])
                read[sql.Normal(some[at].Name)] = new(sql.Normal(some[at].Name), last, isCalled, some[at].Increment);
            if (refused is null)
                continue;
            // Halving finds a sequence that was dropped meanwhile; the others are still read.
            if (some.Count > 1)
            {
                foreach (var half in some.Chunk((some.Count + 1) / 2))
                    open.Enqueue(half);
            }
            else
                unread[sql.Normal(some[0].Name)] = refused;
        }

        return new(read, unread);
    }
}
