using System.Buffers;
using System.Globalization;
using System.Text;

namespace Godwit.PgArchive;

/// <summary>Prints the table of contents byte for byte as <c>pg_restore -l</c> of the archive's major version does.
/// <c>pg_restore -L</c> accepts the edited text.</summary>
public static class ArchiveListing
{
    // glibc looks about this far for a daylight saving time.
    private const int SummerNearYears = 8;

    /// <summary>Writes the listing in the dumped database's encoding: names are bytes.</summary>
    /// <param name="zone">Its name is printed after the date, as pg_restore prints its machine's. The archive's date
    /// has none.</param>
    public static void Write(ArchiveHead head, IBufferWriter<byte> to, TimeZoneInfo zone)
    {
        Heading(head, to, zone);
        foreach (var entry in Listed(head))
            Line(entry, to);
    }

    /// <summary>Not those that pg_restore treats specially (encoding, search path, the database itself), and not empty
    /// ones.</summary>
    public static IEnumerable<TocEntry> Listed(ArchiveHead head) => head.Entries.Where(IsListed);

    /// <summary>Whether the listing has a line for the entry.</summary>
    public static bool IsListed(TocEntry entry)
    {
        if (IsAlwaysRestored(entry))
            return false;
        if ((entry.Is("ACL"u8) || entry.Is("COMMENT"u8) || entry.Is("SECURITY LABEL"u8))
            && entry.Tag.Bytes.StartsWith("DATABASE "u8))
            return false;
        if (entry.Is("<Init>"u8) && entry.Tag.Bytes.SequenceEqual("Max OID"u8))
            return false;
        return entry.HasData || IsDataWithoutBlock(entry)
            || entry.Definition is { Length: > 0 } definition
                && !definition.Bytes.StartsWith("-- load via partition root "u8);
    }

    /// <summary>Entries that a list cannot exclude.</summary>
    internal static bool IsAlwaysRestored(TocEntry entry) => entry.Is("ENCODING"u8) || entry.Is("STDSTRINGS"u8)
        || entry.Is("SEARCHPATH"u8)
        || entry.Is("DATABASE"u8) || entry.Is("DATABASE PROPERTIES"u8);

    // Restored with the data, but from its definition.
    private static bool IsDataWithoutBlock(TocEntry entry) => entry.Is("SEQUENCE SET"u8) || entry.Is("BLOB"u8)
        || entry.Is("BLOB METADATA"u8)
        || ((entry.Is("ACL"u8) || entry.Is("COMMENT"u8) || entry.Is("SECURITY LABEL"u8))
            && entry.Tag.Bytes.StartsWith("LARGE OBJECT"u8));

    /// <summary>Writes dump id, catalog, OID, kind, schema, name, owner, line feed.</summary>
    public static void Line(TocEntry entry, IBufferWriter<byte> to)
    {
        Text(string.Create(CultureInfo.InvariantCulture, $"{entry.DumpId}; {entry.CatalogOid} {entry.Oid} "), to);
        to.Write(entry.Description.Bytes);
        to.Write(" "u8);
        if (entry.Namespace is { } space)
            OneLine(space, to);
        else
            to.Write("-"u8);
        to.Write(" "u8);
        OneLine(entry.Tag, to);
        to.Write(" "u8);
        OneLine(entry.Owner, to);
        to.Write("\n"u8);
    }

    /// <summary>none, gzip, lz4 or zstd, as in pg_restore 16 and newer.</summary>
    public static string CompressionName(ArchiveHeader header) => ArchiveErrors.Name(header.Compression);

    private static void Heading(ArchiveHead head, IBufferWriter<byte> to, TimeZoneInfo zone)
    {
        var header = head.Header;
        Text($";\n; Archive created at {Date(header.CreatedAt, zone)}\n;     dbname: ", to);
        OneLine(header.Database, to);
        // Before 1.15 only the level is stored.
        var compression = header.Version.NamesCompression ? ArchiveErrors.Name(header.Compression)
            : (header.Compression == ArchiveCompression.None ? 0 : header.CompressionLevel)
                .ToString(CultureInfo.InvariantCulture);
        Text(string.Create(CultureInfo.InvariantCulture,
            $"\n;     TOC Entries: {head.Entries.Length}\n;     Compression: {compression}\n"), to);
        Text($";     Dump Version: {header.Version}\n;     Format: CUSTOM\n;     Integer: 4 bytes\n"
            + ";     Offset: 8 bytes\n", to);
        if (header.ServerVersion is { } server)
            Pair(";     Dumped from database version: ", server, to);
        if (header.DumpVersion is { } dump)
            Pair(";     Dumped by pg_dump version: ", dump, to);
        to.Write(";\n;\n; Selected TOC Entries:\n;\n"u8);
    }

    // Takes the numbers as local time, as mktime does: if their daylight saving flag differs from the zone's, the time
    // is shifted.
    private static string Date(ArchiveDate date, TimeZoneInfo zone)
    {
        if (date.ToLocal() is not { } local)
            return "[unknown]";
        var isSummer = zone.IsDaylightSavingTime(local);
        if (date.DaylightSaving >= 0 && isSummer != date.DaylightSaving > 0)
            local += isSummer ? zone.GetUtcOffset(local) - zone.BaseUtcOffset : -SummerShift(zone, local);
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {Abbreviation(zone, local)}";
    }

    // The clock shift of a daylight saving time near winter: half an hour in some zones; an hour if there is none, as
    // glibc assumes.
    private static TimeSpan SummerShift(TimeZoneInfo zone, DateTime winter) => zone.GetAdjustmentRules()
        .Where(rule => rule.DaylightDelta > TimeSpan.Zero && rule.DateStart <= winter.AddYears(SummerNearYears)
            && rule.DateEnd >= winter.AddYears(-SummerNearYears))
        .Select(rule => rule.DaylightDelta).DefaultIfEmpty(TimeSpan.FromHours(1)).Max();

    private static string Abbreviation(TimeZoneInfo zone, DateTime local) =>
        zone.Equals(TimeZoneInfo.Utc) || zone.Id is "UTC" or "Etc/UTC" ? "UTC" : zone.IsDaylightSavingTime(local)
            ? zone.DaylightName : zone.StandardName;

    private static void Pair(string name, ArchiveText value, IBufferWriter<byte> to)
    {
        Text(name, to);
        to.Write(value.Bytes);
        to.Write("\n"u8);
    }

    private static void Text(string text, IBufferWriter<byte> to) => Encoding.UTF8.GetBytes(text, to);

    // Replaces line breaks in a name with spaces.
    private static void OneLine(ArchiveText? text, IBufferWriter<byte> to)
    {
        var rest = text.GetValueOrDefault().Bytes;
        while (rest.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var at)
        {
            to.Write(rest[..at]);
            to.Write(" "u8);
            rest = rest[(at + 1)..];
        }

        to.Write(rest);
    }
}
