using Godwit.Postgres;

namespace Godwit.Copy.Definitions;

/// <summary>Splits pg_dump's constraint statements so that a part can run beside other work. One character per
/// byte.</summary>
internal static class ConstraintText
{
    /// <summary>Splits a primary key or unique constraint: the index build runs beside other builds on the table, and
    /// the constraint then adopts the index at once. Null: PostgreSQL cannot do that, or the statement does not have
    /// pg_dump's form.</summary>
    public static (string Index, string Constraint)? OfIndex(string definition)
    {
        if (Statement.Read(definition) is not { } it || it.Words(0, 3) is not ["ALTER", "TABLE", "ONLY"]
            || it.Find("ADD") is not (> 3 and var add))
            return null;
        var (table, name) = (it.Text(3, add), it.Text(add + 2, add + 3));
        var (at, kind, nulls) = it.Words(add + 3, 4) switch
        {
            ["PRIMARY", "KEY", ..] => (add + 5, "PRIMARY KEY", ""),
            ["UNIQUE", "NULLS", "NOT", "DISTINCT"] => (add + 7, "UNIQUE", " NULLS NOT DISTINCT"),
            ["UNIQUE", ..] => (add + 4, "UNIQUE", ""),
            _ => (0, "", ""),
        };
        if (at == 0 || it.Behind(at) is not { } behind || it.Words(at, behind - at).Contains("OVERLAPS"))
            return null;
        var (columns, more, with) = (it.Text(at, behind), "", "");
        if (it.Words(behind, 1) is ["INCLUDE"] && it.Behind(behind + 1) is { } behindMore)
            (more, behind) = ($" {it.Text(behind, behindMore)}", behindMore);
        if (it.Words(behind, 1) is ["WITH"] && it.Behind(behind + 1) is { } behindWith)
            (with, behind) = ($" {it.Text(behind, behindWith)}", behindWith);
        if (it.Words(behind, 1) is not ([";"] or ["DEFERRABLE"]))
            return null;
        return ($"CREATE UNIQUE INDEX {name} ON {table} USING btree {columns}{more}{nulls}{with};",
            $"ALTER TABLE ONLY {table} ADD CONSTRAINT {name} {kind} USING INDEX {name} "
            + $"{it.Text(behind, it.Count)}{it.Rest}");
    }

    /// <summary>Splits a foreign key: adding it NOT VALID takes a moment, and during VALIDATE both tables stay usable.
    /// Null: the source has not validated it, or it cannot be split (a partitioned table's).</summary>
    public static (string Add, string Validate)? OfForeignKey(string definition)
    {
        if (Statement.Read(definition) is not { } it || it.Words(0, 3) is not ["ALTER", "TABLE", "ONLY"]
            || it.Find("ADD") is not (> 3 and var add)
            || it.Words(add + 3, 2) is not ["FOREIGN", "KEY"] || it.Words(it.Count - 2, 1) is ["VALID"] or ["ENFORCED"])
            return null;
        return ($"{it.Text(0, it.Count - 1)} NOT VALID;{it.Rest}",
            $"ALTER TABLE ONLY {it.Text(3, add)} VALIDATE CONSTRAINT {it.Text(add + 2, add + 3)};");
    }

    /// <summary>The first statement, and the text after it or an empty string.</summary>
    public static (string First, string Behind) OfFirst(string definition) =>
        Statement.Read(definition) is { } it ? (it.Text(0, it.Count), it.Rest.Trim()) : (definition, "");

    // The first statement of an SQL text, in pieces; the last one is its semicolon.
    private sealed class Statement
    {
        private readonly string _sql;
        private readonly List<(SqlPiece Kind, int Start, int End)> _pieces;

        private Statement(string sql, List<(SqlPiece, int, int)> pieces) => (_sql, _pieces) = (sql, pieces);

        public int Count => _pieces.Count;

        public string Rest => _sql[_pieces[^1].End..];

        /// <summary>Null: no semicolon.</summary>
        public static Statement? Read(string sql)
        {
            var pieces = new List<(SqlPiece, int, int)>();
            foreach (var piece in SqlLexer.Pieces(sql))
            {
                pieces.Add(piece);
                if (piece.Kind == SqlPiece.Symbol && sql[piece.Start] == ';')
                    return new(sql, pieces);
            }

            return null;
        }

        /// <summary>Unquoted words and symbols; empty: anything else, or after the end.</summary>
        public string[] Words(int from, int count) => [.. Enumerable.Range(from, count).Select(at =>
            at < Count && _pieces[at] is { Kind: SqlPiece.Word or SqlPiece.Symbol } piece
                ? _sql[piece.Start..piece.End] : "")];

        public string Text(int from, int to) => _sql[_pieces[from].Start.._pieces[to - 1].End];

        public int? Find(string word) =>
            Enumerable.Range(0, Count).Where(at => Words(at, 1)[0] == word).Select(at => (int?)at).FirstOrDefault();

        /// <summary>The index after the parenthesis that closes the one at <paramref name="from"/>; null: there is
        /// none.</summary>
        public int? Behind(int from)
        {
            for (int at = from, depth = 0; at < Count; at++)
            {
                depth += Words(at, 1)[0] switch { "(" => 1, ")" => -1, _ => 0 };
                if (depth == 0)
                    return at > from ? at + 1 : null;
            }

            return null;
        }
    }
}
