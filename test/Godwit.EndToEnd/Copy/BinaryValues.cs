using System.Globalization;
using System.Text.RegularExpressions;
using Godwit.EndToEnd.Migration;

namespace Godwit.EndToEnd.Copy;

/// <summary>A table of extreme and random values for each type of <c>binary-values.sql</c>: alone, in an array, in a
/// composite and in a domain.</summary>
/// <param name="Number">Of the table.</param>
/// <param name="Oid">Of the type.</param>
/// <param name="Since">The major that a server needs at least.</param>
/// <param name="IsText">It goes as text.</param>
internal sealed partial record BinaryValues(
    int Number, uint Oid, string Type, int Since, bool IsText, IReadOnlyList<string> Queries)
{
    public string Table => string.Create(CultureInfo.InvariantCulture, $"v{Number}");

    /// <summary>What a source and a target of these majors both know.</summary>
    public static IReadOnlyList<BinaryValues> For(int source, int target)
    {
        var all = new List<BinaryValues>();
        foreach (var line in File.ReadLines(Path.Combine(OtherServers.RepositoryRoot(), "test", "Godwit.EndToEnd",
            "Copy", "binary-values.sql")))
        {
            if (Head().Match(line) is { Success: true } head)
            {
                all.Add(new(all.Count, uint.Parse(head.Groups["oid"].Value, CultureInfo.InvariantCulture),
                    head.Groups["type"].Value,
                    head.Groups["since"] is { Success: true } since ? int.Parse(since.Value,
                        CultureInfo.InvariantCulture) : 0, head.Groups["text"].Success, []));
            }
            else if (all is [.., var last] && line.Length > 0)
            {
                all[^1] = last with { Queries = [.. last.Queries, line] };
            }
        }

        return [.. all.Where(one => one.Since <= Math.Min(source, target))];
    }

    public string Make => $"""
        CREATE TYPE {Table}_pair AS (one {Type}, list {Type}[]);
        CREATE DOMAIN {Table}_domain AS {Type};
        CREATE TABLE {Table} (id int, value {Type}, list {Type}[], pair {Table}_pair, other {Table}_domain);

        """;

    /// <summary>Lists without and with NULLs, of two dimensions, without elements, and with other bounds than 1; and a
    /// composite that has lost an attribute.</summary>
    /// <param name="seed">Between -1 and 1.</param>
    public string Fill(double seed) => $"""
        SELECT setseed({seed.ToString("R", CultureInfo.InvariantCulture)});
        {string.Join('\n', Queries.Select(query =>
            $"INSERT INTO {Table} (id, value) SELECT (SELECT count(*) FROM {Table}) + row_number() OVER (), one "
                + $"FROM ({query}) of_ (one);"))}
        INSERT INTO {Table} (id) VALUES (0);
        UPDATE {Table} SET other = value, pair = CASE WHEN id % 7 > 0 THEN ROW(value, ARRAY[value])::{Table}_pair END,
            list = CASE id % 6
            WHEN 0 THEN NULL WHEN 1 THEN ARRAY[value] WHEN 2 THEN ARRAY[value, NULL, value] WHEN 3
                THEN ARRAY[ARRAY[value, NULL], ARRAY[NULL, value]] ELSE (ARRAY[value])[2:] END;
        UPDATE {Table} SET list[-7:-6] = ARRAY[value, NULL] WHERE id % 6 = 5;
        ALTER TYPE {Table}_pair ADD ATTRIBUTE gone int; ALTER TYPE {Table}_pair DROP ATTRIBUTE gone;

        """;

    [GeneratedRegex("^-- (?<oid>[0-9]+) (?<type>.+?)( since (?<since>[0-9]+))?(?<text> as text)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Head();
}
