using System.Collections.Immutable;

namespace Godwit.PgArchive;

internal sealed class HeadReader(ArchiveInput input, ArchiveLimits limits)
{
    private const int CustomFormat = 1;
    private const int FixedBytes = 11;

    // The list grows: the archive's own count is not trusted.
    private const int EntriesAtFirst = 256;

    private readonly HeadTexts _texts = new(input, limits);
    private int _entry;
    private int _entries;

    public async Task<ArchiveHead> ReadAsync(CancellationToken ct)
    {
        var header = await HeaderAsync(ct);
        input.Inside = () => "the table of contents";
        var at = input.Position;
        _entries = await input.IntegerAsync(ct);
        if (_entries < 0)
            throw Corrupted(at, $"the number of entries is {_entries}");
        if (_entries > limits.EntriesMax)
            throw ArchiveErrors.TooMuch(at, input.Inside(), "the number of entries", _entries, limits.EntriesMax,
                nameof(ArchiveLimits.EntriesMax));
        input.Inside = () => $"entry {_entry:N0} of {_entries:N0} of the table of contents";
        var entries = ImmutableArray.CreateBuilder<TocEntry>(Math.Min(_entries, EntriesAtFirst));
        var ids = new HashSet<int>();
        for (_entry = 1; _entry <= _entries; _entry++)
        {
            at = input.Position;
            var entry = await EntryAsync(header.Version, ct);
            if (!ids.Add(entry.DumpId))
                throw Corrupted(at, $"the dump id {entry.DumpId} is another entry's already");
            entries.Add(entry);
        }

        return new() { Header = header, Entries = entries.DrainToImmutable(), LengthBytes = input.Position };
    }

    private async Task<ArchiveHeader> HeaderAsync(CancellationToken ct)
    {
        await Foreign.RefuseAsync(input, ct);
        await input.RequireAsync(FixedBytes, ct);
        var version = Fixed();
        var (compression, level) = await CompressionAsync(version, ct);
        var date = new ArchiveDate(await input.IntegerAsync(ct), await input.IntegerAsync(ct),
            await input.IntegerAsync(ct), await input.IntegerAsync(ct),
            await input.IntegerAsync(ct), await input.IntegerAsync(ct), await input.IntegerAsync(ct));
        return new()
        {
            Version = version,
            Compression = compression,
            CompressionLevel = level,
            CreatedAt = date,
            Database = await _texts.ReadAsync(ct),
            ServerVersion = await _texts.ReadAsync(ct),
            DumpVersion = await _texts.ReadAsync(ct),
        };
    }

    // Magic, version, sizes and format: eleven bytes in every version.
    private ArchiveVersion Fixed()
    {
        var bytes = input.Take(FixedBytes);
        var version = new ArchiveVersion(bytes[5], bytes[6], bytes[7]);
        if (!version.IsSupported)
            throw version < ArchiveVersion.PgDump12
                ? ArchiveErrors.VersionTooOld(version) : ArchiveErrors.VersionTooNew(version);
        if (bytes[8] != sizeof(int) || bytes[9] != sizeof(long))
            throw ArchiveErrors.Sizes(bytes[8], bytes[9]);
        return bytes[10] == CustomFormat ? version : throw ArchiveErrors.Format(bytes[10]);
    }

    private async ValueTask<(ArchiveCompression Compression, int Level)> CompressionAsync(
        ArchiveVersion version, CancellationToken ct)
    {
        var at = input.Position;
        if (version.NamesCompression)
        {
            await input.RequireAsync(1, ct);
            var algorithm = input.Take(1)[0];
            return algorithm <= (int)ArchiveCompression.Zstd
                ? ((ArchiveCompression)algorithm, ArchiveHeader.DefaultLevel)
                : throw ArchiveErrors.Compression(algorithm);
        }

        var level = await input.IntegerAsync(ct);
        if (level is < ArchiveHeader.DefaultLevel or > 9)
            throw Corrupted(at, $"the level of compression is {level}");
        return (level == 0 ? ArchiveCompression.None : ArchiveCompression.Gzip, level);
    }

    private async ValueTask<TocEntry> EntryAsync(ArchiveVersion version, CancellationToken ct)
    {
        var dumpId = await IntegerAsync("the dump id", 1, int.MaxValue, ct);
        return new()
        {
            DumpId = dumpId,
            HasData = await IntegerAsync("the mark for data", 0, 1, ct) == 1,
            CatalogOid = await _texts.OidAsync(ct),
            Oid = await _texts.OidAsync(ct),
            Tag = await _texts.RequiredAsync("name", ct),
            Description = await _texts.RequiredAsync("kind", ct),
            Section = (ArchiveSection)await IntegerAsync("the section", (int)ArchiveSection.None,
                (int)ArchiveSection.PostData, ct),
            Definition = await _texts.ReadAsync(ct),
            DropStatement = await _texts.ReadAsync(ct),
            CopyStatement = await _texts.ReadAsync(ct),
            Namespace = await _texts.ReadAsync(ct),
            Tablespace = await _texts.ReadAsync(ct),
            TableAccessMethod = await _texts.ReadAsync(ct),
            RelationKind = version.HasRelationKind ? await IntegerAsync("the kind of relation", 0,
                byte.MaxValue, ct) : 0,
            Owner = await _texts.ReadAsync(ct),
            WithOids = await _texts.BooleanAsync(ct),
            Dependencies = await DependenciesAsync(ct),
            DataState = await DataStateAsync(ct),
            DataOffset = await OffsetAsync(ct),
        };
    }

    private async ValueTask<int> IntegerAsync(string what, int min, int max, CancellationToken ct)
    {
        var at = input.Position;
        if (at > limits.HeadBytesMax)
            throw ArchiveErrors.TooMuch(at, input.Inside(), "its length in bytes", at, limits.HeadBytesMax,
                nameof(ArchiveLimits.HeadBytesMax));
        var value = await input.IntegerAsync(ct);
        return value >= min && value <= max ? value : throw Corrupted(at, $"{what} is {value}");
    }

    private async ValueTask<ImmutableArray<int>> DependenciesAsync(CancellationToken ct)
    {
        ImmutableArray<int>.Builder? ids = null;
        for (var at = input.Position; await _texts.DependencyAsync(ct) is { } id; at = input.Position)
        {
            ids ??= ImmutableArray.CreateBuilder<int>();
            if (ids.Count >= limits.DependenciesMax)
                throw ArchiveErrors.TooMuch(at, input.Inside(), "the number of dependencies", ids.Count + 1,
                    limits.DependenciesMax, nameof(ArchiveLimits.DependenciesMax));
            ids.Add(id);
        }

        return ids?.DrainToImmutable() ?? [];
    }

    private async ValueTask<DataState> DataStateAsync(CancellationToken ct)
    {
        await input.RequireAsync(1, ct);
        var at = input.Position;
        var state = input.Take(1)[0];
        return state is >= (int)DataState.NotSet and <= (int)DataState.NoData ? (DataState)state : throw Corrupted(at,
            $"the mark of the data offset is {state}");
    }

    private async ValueTask<long> OffsetAsync(CancellationToken ct)
    {
        await input.RequireAsync(sizeof(long), ct);
        var at = input.Position;
        var offset = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(input.Take(sizeof(long)));
        return offset >= 0 ? offset : throw Corrupted(at, $"the data offset is {offset}");
    }

    private ArchiveException Corrupted(long at, string why) => ArchiveErrors.Corrupted(at, input.Inside(), why);
}
