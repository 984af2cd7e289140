using System.Globalization;
using Godwit.Proof;

namespace Godwit.Verify.Repair;

internal static class RepairObjects
{
    // In one line of the script, as twice as many hexadecimal digits.
    private const int PieceBytes = 1024 * 1024;

    // INV_WRITE of libpq/libpq-fs.h.
    private const int Write = 0x20000;

    public static async Task WriteAsync(
        TextWriter writer, Side source, RowDifferenceKind kind, uint oid, CancellationToken ct)
    {
        var number = oid.ToString(CultureInfo.InvariantCulture);
        if (kind == RowDifferenceKind.Extra)
        {
            RepairSpool.Line(writer, $"SELECT pg_catalog.lo_unlink({number});");
            return;
        }

        // A changed object is truncated, not replaced: its grants and comment stay.
        RepairSpool.Line(writer, kind == RowDifferenceKind.Missing
            ? $"SELECT pg_catalog.lo_create({number});"
            : $"SELECT pg_catalog.lo_close(o.fd) FROM (SELECT pg_catalog.lo_open({number}, {Write}) "
                + "AS fd OFFSET 0) o, LATERAL pg_catalog.lo_truncate64(o.fd, 0) t;");
        for (var at = 0L; ; at += PieceBytes)
        {
            var place = at.ToString(CultureInfo.InvariantCulture);
            var piece = await source.AskAsync(session => session.ScalarAsync<string>(
                $"SELECT pg_catalog.encode(pg_catalog.lo_get({number}, {place}, {PieceBytes}), 'hex')", ct), ct) ?? "";
            if (piece.Length > 0)
                RepairSpool.Line(writer, $"SELECT pg_catalog.lo_put({number}, {place}, '\\x{piece}');");
            if (piece.Length < PieceBytes * 2)
                return;
        }
    }
}
