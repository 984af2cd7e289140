using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>The roles in pg_dump's <c>CREATE POLICY … TO role, role USING (…)</c>.</summary>
/// <param name="Roles">Names, one character per byte.</param>
/// <param name="Start">Start of the list, after TO.</param>
/// <param name="End">After the last name.</param>
internal sealed record PolicyText(string Sql, IReadOnlyList<string> Roles, int Start, int End)
{
    /// <summary>Null: the policy is for PUBLIC, or another statement.</summary>
    public static PolicyText? Of(string sql)
    {
        var roles = new List<string>();
        var (start, end) = (-1, -1);
        foreach (var (kind, from, to) in SqlLexer.Pieces(sql))
        {
            // Names that are keywords are quoted. Only names and keywords precede the list; an opening parenthesis
            // follows it.
            var isName = kind is SqlPiece.Word or SqlPiece.Quoted;
            if (start < 0 && kind == SqlPiece.Word && Is(sql, from, to, "TO"))
                start = to;
            else if (kind == SqlPiece.Symbol && sql[from] is '(' or ';'
                || (kind == SqlPiece.Word && (Is(sql, from, to, "USING") || Is(sql, from, to, "WITH"))))
                break;
            else if (start >= 0 && isName)
                (roles, end) = ([.. roles, SqlLexer.NameOf(sql[from..to])], to);
        }

        return roles.Count == 0 ? null : new(sql, roles, start, end);
    }

    /// <param name="roles">Names, PUBLIC or CURRENT_USER.</param>
    public string With(IEnumerable<string> roles)
    {
        var distinct = roles.Distinct(StringComparer.Ordinal).ToList();
        // PostgreSQL warns if PUBLIC is named together with others.
        var list = distinct.Contains(RoleMap.Public) ? RoleMap.Public : string.Join(", ", distinct.Select(Quoted));
        return $"{Sql[..Start]} {list}{Sql[End..]}";
    }

    public static string Quoted(string role) => RoleMap.IsWord(role) ? role : Postgres.ServerCatalog.Quote(role);

    private static bool Is(string sql, int from, int to, string word) =>
        sql.AsSpan(from, to - from).Equals(word, StringComparison.OrdinalIgnoreCase);
}
