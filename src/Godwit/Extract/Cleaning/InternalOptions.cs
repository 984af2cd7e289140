using System.Text;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Removes internal column options, which belong to the server and whose names begin with <c>pg_</c>. Servers
/// of the minor releases of 2026-11-12 (14.25, 15.20, 16.16, 17.12, 18.6) keep <c>pg_attver</c> for each column. Their
/// own pg_dump leaves it out; an older one writes <c>ALTER TABLE ONLY t ALTER COLUMN c SET (pg_attver=3);</c> after the
/// table. Servers of these minors ignore that; older ones refuse it: <c>unrecognized parameter "pg_attver"</c>.
/// https://www.postgresql.org/docs/current/catalog-pg-attribute.html</summary>
public static class InternalOptions
{
    private const string Reason = "they are internal to the server and not a fact of your schema, so nothing is lost";

    private const string Prefix = "pg_";

    /// <returns>The contents, and for each entry with such options the removed statements.</returns>
    public static CleanedContents Remove(ArchiveHead head)
    {
        var leftOut = new List<LeftOut>();
        var after = ArchiveEdit.Rewrite(head, entry =>
        {
            if (entry.Definition is not { } definition || !MayHave(definition.Bytes)
                || Split(ArchiveSql.TextOf(definition.Bytes)) is not { } split)
                return entry;
            leftOut.Add(new(LeftOutKind.InternalOptions, ArchiveCleaner.NameOf(entry), Bytes(split.LeftOut), Reason));
            return entry with { Definition = Bytes(split.Kept) };
        });
        return new(leftOut.Count == 0 ? head : after, leftOut);
    }

    // Skips the scanner for nearly all definitions without such options.
    private static bool MayHave(ReadOnlySpan<byte> definition) =>
        definition.IndexOf("ALTER "u8) >= 0 && definition.IndexOf("pg_"u8) >= 0;

    private static ArchiveText Bytes(string sql) => ArchiveText.Of(ArchiveSql.BytesOf(sql));

    // Null: nothing to remove.
    private static (string Kept, string LeftOut)? Split(string sql)
    {
        var (kept, leftOut) = (new StringBuilder(sql.Length), new StringBuilder());
        var copied = 0;
        foreach (var statement in Statements(sql))
        {
            if (OptionsOf(sql, statement) is not { } options)
                continue;
            var (open, close) = (options[0].Start, options[^1].End);
            var isInternal = options.ToLookup(
                option => SqlLexer.NameOf(sql[option.Start..option.NameEnd])
                    .StartsWith(Prefix, StringComparison.Ordinal));
            if (!isInternal.Contains(true))
                continue;
            var (start, end) = (statement[0].Start, EndOfLine(sql, statement[^1].End));
            leftOut.Append(sql, start, open - start).Append(Listed(sql, isInternal[true])).Append(");\n");
            if (isInternal.Contains(false))
                kept.Append(sql, copied, open - copied).Append(Listed(sql, isInternal[false]))
                    .Append(sql, close, end - close);
            else
                kept.Append(sql, copied, start - copied);
            copied = end;
        }

        return leftOut.Length == 0 ? null : ($"{kept.Append(sql, copied, sql.Length - copied)}", $"{leftOut}");
    }

    private static string Listed(string sql, IEnumerable<(int Start, int NameEnd, int End)> options) =>
        string.Join(", ", options.Select(option => sql[option.Start..option.End]));

    // After the statement's line feed.
    private static int EndOfLine(string sql, int end) => end < sql.Length && sql[end] == '\n' ? end + 1 : end;

    // Each statement's pieces, with its semicolon, without comments.
    private static IEnumerable<List<(SqlPiece Kind, int Start, int End)>> Statements(string sql)
    {
        var statement = new List<(SqlPiece Kind, int Start, int End)>();
        var depth = 0;
        foreach (var piece in SqlLexer.Pieces(sql).Where(piece => piece.Kind != SqlPiece.Comment))
        {
            statement.Add(piece);
            if (piece.Kind != SqlPiece.Symbol)
                continue;
            depth += sql[piece.Start] switch { '(' => 1, ')' => -1, _ => 0 };
            if (sql[piece.Start] != ';' || depth > 0)
                continue;
            yield return statement;
            (statement, depth) = ([], 0);
        }

        if (statement.Count > 0)
            yield return statement;
    }

    // The options in pg_dump's ALTER … ALTER COLUMN name SET (option=value, …);; null: another statement.
    private static List<(int Start, int NameEnd, int End)>? OptionsOf(
        string sql, List<(SqlPiece Kind, int Start, int End)> statement)
    {
        var count = statement.Count - (IsSymbol(sql, statement[^1], ';') ? 1 : 0);
        var open = statement.FindIndex(piece => IsSymbol(sql, piece, '('));
        // At least this precedes the parenthesis: ALTER TABLE name ALTER COLUMN name SET.
        if (open < 7 || !IsSymbol(sql, statement[count - 1], ')') || !IsWord(sql, statement[0], "ALTER")
            || !IsWord(sql, statement[open - 1], "SET") || !IsWord(sql, statement[open - 3], "COLUMN")
            || !IsWord(sql, statement[open - 4], "ALTER"))
            return null;
        var options = new List<(int Start, int NameEnd, int End)>();
        var isNew = true;
        foreach (var piece in statement[(open + 1)..(count - 1)])
        {
            if (IsSymbol(sql, piece, '(') || IsSymbol(sql, piece, ')'))
                return null;
            if (IsSymbol(sql, piece, ','))
            {
                isNew = true;
            }
            else if (isNew)
            {
                options.Add((piece.Start, piece.End, piece.End));
                isNew = false;
            }
            else
            {
                options[^1] = options[^1] with { End = piece.End };
            }
        }

        return options.Count == 0 ? null : options;
    }

    private static bool IsWord(string sql, (SqlPiece Kind, int Start, int End) piece, string word) =>
        piece.Kind == SqlPiece.Word
        && sql.AsSpan(piece.Start, piece.End - piece.Start).Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsSymbol(string sql, (SqlPiece Kind, int Start, int End) piece, char symbol) =>
        piece.Kind == SqlPiece.Symbol && sql[piece.Start] == symbol;
}
