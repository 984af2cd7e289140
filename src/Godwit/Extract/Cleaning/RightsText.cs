using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>One statement of an entry of rights, as pg_dump writes it: <c>GRANT SELECT ON TABLE t TO reader</c>,
/// <c>REVOKE ALL ON FUNCTION f() FROM PUBLIC</c>, <c>ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT … TO b</c>.</summary>
/// <param name="Sql">One character per byte, without its semicolon.</param>
/// <param name="Grantee">Position of its one grantee.</param>
/// <param name="ForRole">From FOR to the end of the role's name; null: no FOR ROLE.</param>
internal sealed record RightsText(string Sql, (int Start, int End) Grantee, (int Start, int Name, int End)? ForRole)
{
    /// <summary>The grantee's name; null: PUBLIC, a keyword that no role can have as its name.</summary>
    public string? Role =>
        Sql[Grantee.Start..Grantee.End] is var text && text == RoleMap.Public ? null : SqlLexer.NameOf(text);

    /// <summary>The role of FOR ROLE; null: none.</summary>
    public string? Maker => ForRole is { } at ? SqlLexer.NameOf(Sql[at.Name..at.End]) : null;

    /// <summary>The statements of an entry, without the grantor: at the target the owner grants.</summary>
    public static IEnumerable<RightsText> Of(string sql)
    {
        var pieces = new List<(SqlPiece Kind, int Start, int End)>();
        foreach (var (kind, start, end) in SqlLexer.Pieces(sql).Append((SqlPiece.Symbol, sql.Length, sql.Length)))
        {
            if (start < sql.Length && !(kind == SqlPiece.Symbol && sql[start] == ';'))
            {
                if (kind != SqlPiece.Comment)
                    pieces.Add((kind, start, end));
                continue;
            }

            if (pieces.Count > 0 && One(sql, pieces) is { } one)
                yield return one;
            pieces.Clear();
        }
    }

    // Null: the statement neither grants nor revokes.
    private static RightsText? One(string sql, List<(SqlPiece Kind, int Start, int End)> pieces)
    {
        bool Is(int at, params string[] words) => pieces[at].Kind == SqlPiece.Word
            && words.Contains(sql[pieces[at].Start..pieces[at].End], StringComparer.OrdinalIgnoreCase);

        if (!Is(0, "GRANT", "REVOKE", "ALTER"))
            return null;
        // Names that are keywords are quoted, so the last TO or FROM precedes the grantee.
        var before = Enumerable.Range(0, pieces.Count - 1).LastOrDefault(at => Is(at, "TO", "FROM"), -1);
        if (before < 0)
            return null;
        var from = pieces[0].Start;
        var maker = Is(0, "ALTER") ? Enumerable.Range(0, before - 2)
            .FirstOrDefault(at => Is(at, "FOR") && Is(at + 1, "ROLE", "USER"), -1) : -1;
        return new(sql[from..pieces[^1].End], (pieces[before + 1].Start - from, pieces[before + 1].End - from),
            maker < 0 ? null : (pieces[maker].Start - from, pieces[maker + 2].Start - from,
                pieces[maker + 2].End - from));
    }

    /// <param name="grantee">As SQL; null: unchanged.</param>
    /// <param name="maker">As SQL; null: the role that runs the statement.</param>
    public string With(string? grantee, string? maker)
    {
        var sql = grantee is null ? Sql : Sql[..Grantee.Start] + grantee + Sql[Grantee.End..];
        // FOR ROLE comes before the grantee.
        return ForRole is not { } at ? sql
            : maker is null ? sql[..at.Start] + sql[at.End..].TrimStart() : sql[..at.Name] + maker + sql[at.End..];
    }
}
