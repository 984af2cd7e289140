using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>The roles in a <c>CREATE POLICY … TO role, role USING (…)</c> as pg_dump writes it.</summary>
/// <param name="Roles">Their names, one character per byte.</param>
/// <param name="Start">Of the list, behind TO.</param>
/// <param name="End">Behind its last name.</param>
internal sealed record PolicyText(string Sql, IReadOnlyList<string> Roles, int Start, int End)
{
    /// <summary>Null when it is for everybody, or no such statement.</summary>
    public static PolicyText? Of(string sql)
    {
        var roles = new List<string>();
        var (start, end) = (-1, -1);
        foreach (var (kind, from, to) in SqlLexer.Pieces(sql))
        {
            // Names that are keywords are quoted, and what stands in front of the list is names and keywords: an open
            // bracket is behind it.
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

    /// <summary>The statement with other roles in it.</summary>
    /// <param name="roles">Names or the words for everybody and for oneself.</param>
    public string With(IEnumerable<string> roles)
    {
        var distinct = roles.Distinct(StringComparer.Ordinal).ToList();
        // PostgreSQL warns when others are named beside it.
        var list = distinct.Contains(RoleMap.Public) ? RoleMap.Public : string.Join(", ", distinct.Select(Quoted));
        return $"{Sql[..Start]} {list}{Sql[End..]}";
    }

    public static string Quoted(string role) => RoleMap.IsWord(role) ? role : Postgres.ServerCatalog.Quote(role);

    private static bool Is(string sql, int from, int to, string word) =>
        sql.AsSpan(from, to - from).Equals(word, StringComparison.OrdinalIgnoreCase);
}
