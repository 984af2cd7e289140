using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>An entry of the table of contents: an object of the database, or an object's data. Entries compare by
/// value, except for <see cref="Dependencies"/>, which must be the same list.</summary>
public sealed record TocEntry
{
    /// <summary>From 1, valid only within this archive. Data blocks and <see cref="Dependencies"/> refer to
    /// it.</summary>
    public required int DumpId { get; init; }

    /// <summary>There is a data block for the entry: tables' data and large objects.</summary>
    public bool HasData { get; init; }

    /// <summary>OID of the object's catalog (<c>tableoid</c>); 0 for none.</summary>
    public uint CatalogOid { get; init; }

    /// <summary>OID of the object in that catalog; 0 for none. For <c>TABLE DATA</c> the table's.</summary>
    public uint Oid { get; init; }

    /// <summary>The object's name, not quoted.</summary>
    public required ArchiveText Tag { get; init; }

    /// <summary><c>TABLE</c>, <c>TABLE DATA</c>, <c>BLOBS</c>, <c>FK CONSTRAINT</c>…</summary>
    public required ArchiveText Description { get; init; }

    /// <summary>Whether it is restored before, with, or after the data.</summary>
    public required ArchiveSection Section { get; init; }

    /// <summary>The SQL that creates the object.</summary>
    public ArchiveText? Definition { get; init; }

    /// <summary>The SQL that drops the object, for <c>pg_restore --clean</c>.</summary>
    public ArchiveText? DropStatement { get; init; }

    /// <summary>For a table's data: <c>COPY … FROM stdin;</c> and a line feed.</summary>
    public ArchiveText? CopyStatement { get; init; }

    /// <summary>Schema, not quoted.</summary>
    public ArchiveText? Namespace { get; init; }

    /// <summary>Null: this kind of object has none; empty: the database's default.</summary>
    public ArchiveText? Tablespace { get; init; }

    /// <summary>Table access method, usually <c>heap</c>.</summary>
    public ArchiveText? TableAccessMethod { get; init; }

    /// <summary><c>pg_class.relkind</c> as a character code, 0 for other objects. Only version 1.16 stores
    /// it.</summary>
    public int RelationKind { get; init; }

    /// <summary>Not quoted.</summary>
    public ArchiveText? Owner { get; init; }

    /// <summary>Table WITH OIDS: pg_dump 12 and newer never set it.</summary>
    public bool WithOids { get; init; }

    /// <summary>Entries that must be restored before this one, by <see cref="DumpId"/>.</summary>
    public ImmutableArray<int> Dependencies { get; init; } = [];

    /// <summary>Whether <see cref="DataOffset"/> is valid.</summary>
    public DataState DataState { get; init; } = DataState.NoData;

    /// <summary>Start of the data block, in bytes from the start of the archive; only with
    /// <see cref="DataState.Set"/>.</summary>
    public long DataOffset { get; init; }

    /// <summary>Tests <see cref="Description"/>: <c>entry.Is("TABLE DATA"u8)</c>.</summary>
    public bool Is(ReadOnlySpan<byte> description) => Description.Bytes.SequenceEqual(description);

    /// <summary>For people: <c>TABLE public orders</c>.</summary>
    public override string ToString() =>
        Namespace is { } space ? $"{Description} {space} {Tag}" : $"{Description} {Tag}";
}

#pragma warning disable CA1008 // The numbers are the format's own, and it has no zero.
/// <summary>When pg_restore restores an entry. The numbers are the format's own.</summary>
public enum ArchiveSection
{
    /// <summary>With the object it depends on: comments, rights.</summary>
    None = 1,

    /// <summary>Before the data.</summary>
    PreData = 2,

    /// <summary>Table contents, large objects, values of sequences.</summary>
    Data = 3,

    /// <summary>After the data: indexes, constraints, triggers.</summary>
    PostData = 4,
}

/// <summary>Meaning of an entry's data offset. The numbers are the format's own.</summary>
public enum DataState
{
    /// <summary>There is data, but the archive was written to a pipe: a reader must search the blocks.</summary>
    NotSet = 1,

    /// <summary>The offset is the start of the data block.</summary>
    Set = 2,

    /// <summary>There is no data.</summary>
    NoData = 3,
}
