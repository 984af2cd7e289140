using System.Text;
using Godwit.PgArchive;

namespace Godwit.Dump.Cleaning;

/// <summary>Takes out of a statement what may be a password, before it is shown to anybody.</summary>
internal static class SecretMask
{
    private const string Mask = "'***'";

    /// <summary>Options of servers that say where, and not how one gets in.</summary>
    private static readonly string[] Harmless = ["host", "hostaddr", "port", "dbname"];

    /// <summary>Every literal of a user mapping, a subscription or a server is masked, but for where the server is: what its wrapper takes for a
    /// secret is its own affair.</summary>
    public static ArchiveText Of(TocEntry entry)
    {
        if (entry.Definition is not { } definition)
            return default;
        var isServer = entry.Is("SERVER"u8);
        return isServer || entry.Is("USER MAPPING"u8) || entry.Is("SUBSCRIPTION"u8) || entry.Is("FOREIGN TABLE"u8) || entry.Is("FOREIGN DATA WRAPPER"u8)
            ? ArchiveText.Of(SqlScanner.BytesOf(Masked(SqlScanner.TextOf(definition.Bytes), isServer))) : definition;
    }

    private static string Masked(string sql, bool isServer)
    {
        var masked = new StringBuilder(sql.Length);
        var (copied, before) = (0, "");
        foreach (var (kind, start, end) in SqlScanner.Pieces(sql))
        {
            if (kind is SqlPiece.Literal or SqlPiece.Dollar && !(isServer && Harmless.Contains(before)))
            {
                masked.Append(sql, copied, start - copied).Append(Mask);
                copied = end;
            }

            // The E of an escaped literal is a piece of its own.
            if (kind is SqlPiece.Quoted || (kind is SqlPiece.Word && sql[start..end] is not ("E" or "e")))
                before = SqlScanner.NameOf(sql[start..end]);
        }

        return masked.Append(sql, copied, sql.Length - copied).ToString();
    }
}
