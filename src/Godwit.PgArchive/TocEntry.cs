using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>One entry of the table of contents: an object of the database, or the data of one.</summary>
/// <remarks>An entry compares by value, except <see cref="Dependencies"/>, which compare as the same list.</remarks>
public sealed record TocEntry
{
    /// <summary>Number of the entry in this archive, from 1, without meaning elsewhere. Data blocks and
    /// <see cref="Dependencies"/> name it.</summary>
    public required int DumpId { get; init; }

    /// <summary>Whether pg_dump wrote a data block for it: tables' data and large objects.</summary>
    public bool HasData { get; init; }

    /// <summary>OID of the catalog the object is a row of (<c>tableoid</c>); 0 for none.</summary>
    public uint CatalogOid { get; init; }

    /// <summary>OID of the object in that catalog; 0 for none. For <c>TABLE DATA</c> it is the table's.</summary>
    public uint Oid { get; init; }

    /// <summary>Name of the object, not quoted.</summary>
    public required ArchiveText Tag { get; init; }

    /// <summary>What kind of object it is: <c>TABLE</c>, <c>TABLE DATA</c>, <c>BLOBS</c>, <c>FK
    /// CONSTRAINT</c>…</summary>
    public required ArchiveText Description { get; init; }

    /// <summary>When it is restored: before, with, or after the data.</summary>
    public required ArchiveSection Section { get; init; }

    /// <summary>The SQL that makes it.</summary>
    public ArchiveText? Definition { get; init; }

    /// <summary>The SQL that removes it, for <c>pg_restore --clean</c>.</summary>
    public ArchiveText? DropStatement { get; init; }

    /// <summary>For a table's data: <c>COPY … FROM stdin;</c> and a line feed.</summary>
    public ArchiveText? CopyStatement { get; init; }

    /// <summary>Schema, not quoted.</summary>
    public ArchiveText? Namespace { get; init; }

    /// <summary>Null when the kind of object has none; empty for the database's default.</summary>
    public ArchiveText? Tablespace { get; init; }

    /// <summary>Table access method, <c>heap</c> as a rule.</summary>
    public ArchiveText? TableAccessMethod { get; init; }

    /// <summary><c>pg_class.relkind</c> as a character code, 0 for what is no relation. Only version 1.16 keeps
    /// it.</summary>
    public int RelationKind { get; init; }

    /// <summary>Name of the owner, not quoted.</summary>
    public ArchiveText? Owner { get; init; }

    /// <summary>Table WITH OIDS: pg_dump 12 and newer never set it.</summary>
    public bool WithOids { get; init; }

    /// <summary>Entries that must be restored before this one, by <see cref="DumpId"/>.</summary>
    public ImmutableArray<int> Dependencies { get; init; } = [];

    /// <summary>Whether <see cref="DataOffset"/> can be relied on.</summary>
    public DataState DataState { get; init; } = DataState.NoData;

    /// <summary>Where the entry's data block begins, in bytes from the start of the archive; only with
    /// <see cref="DataState.Set"/>.</summary>
    public long DataOffset { get; init; }

    /// <summary>Whether <see cref="Description"/> is <paramref name="description"/>:
    /// <c>entry.Is("TABLE DATA"u8)</c>.</summary>
    public bool Is(ReadOnlySpan<byte> description) => Description.Bytes.SequenceEqual(description);

    /// <summary>For people: <c>TABLE public orders</c>.</summary>
    public override string ToString() =>
        Namespace is { } space ? $"{Description} {space} {Tag}" : $"{Description} {Tag}";
}

#pragma warning disable CA1008 // The numbers are the format's own, and it has no zero.
/// <summary>When pg_restore restores an entry. The numbers are the format's own.</summary>
public enum ArchiveSection
{
    /// <summary>Together with what it depends on: comments, rights.</summary>
    None = 1,

    /// <summary>Before the data.</summary>
    PreData = 2,

    /// <summary>Table contents, large objects, values of sequences.</summary>
    Data = 3,

    /// <summary>After the data: indexes, constraints, triggers.</summary>
    PostData = 4,
}

/// <summary>What an entry's data offset means. The numbers are the format's own.</summary>
public enum DataState
{
    /// <summary>There is data, but the archive was written to a pipe: a reader has to go through the blocks.</summary>
    NotSet = 1,

    /// <summary>The offset is where the data block begins.</summary>
    Set = 2,

    /// <summary>There is no data.</summary>
    NoData = 3,
}
