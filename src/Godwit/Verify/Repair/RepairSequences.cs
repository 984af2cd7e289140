using System.Globalization;
using Godwit.Verify.Schema;

namespace Godwit.Verify.Repair;

/// <summary>Sequences that are behind at the target would give out used numbers again.</summary>
internal static class RepairSequences
{
    private const string All = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), s.seqincrement
        FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND c.relpersistence <> 't' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
            AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
        ORDER BY 1
        """;

    /// <returns>One statement per sequence.</returns>
    public static async Task<IReadOnlyList<string>> BehindAsync(Side source, Side target, CancellationToken ct)
    {
        var sides = await Task.WhenAll(ReadAsync(source, ct), ReadAsync(target, ct));
        return
        [
            .. from name in sides[0].Keys.Order(StringComparer.Ordinal)
               let here = sides[0][name]
               let there = sides[1].GetValueOrDefault(name)
               where there is not null && (here.Increment > 0 ? there.Next < here.Next : there.Next > here.Next)
               select $"SELECT pg_catalog.setval('{there.Name.Replace("'", "''", StringComparison.Ordinal)}', "
                   + $"{here.Last.ToString(CultureInfo.InvariantCulture)}, {(here.IsCalled ? "true" : "false")});",
        ];
    }

    /// <returns>By normalized name: the words that a server quotes depend on its version.</returns>
    private static async Task<IReadOnlyDictionary<string, Value>> ReadAsync(Side side, CancellationToken ct)
    {
        var found = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, increment) in await side.AskAsync(
            session => session.RowsAsync(All, row => (row.GetString(0), row.GetInt64(1)), ct), ct))
        {
            var value = await side.AskAsync(session => session.RowsAsync($"SELECT last_value, is_called FROM {name}",
                row => new Value(name, row.GetInt64(0), row.GetBoolean(1), increment), ct), ct);
            found[SqlText.Plain.Normal(name)] = value[0];
        }

        return found;
    }

    /// <param name="Name">Quoted as its own server requires.</param>
    private sealed record Value(string Name, long Last, bool IsCalled, long Increment)
    {
        public Int128 Next => IsCalled ? (Int128)Last + Increment : Last;
    }
}
