using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>What is dropped together with an entry.</summary>
public enum DropReach
{
    /// <summary>Only the entry. Entries that depend on it may fail to restore.</summary>
    Itself,

    /// <summary>Also its parts: a table's data, defaults, indexes, constraints (including other tables' foreign keys to
    /// it), triggers, rules, policies, statistics, own sequences, comments, rights. Views, functions and other tables
    /// stay.</summary>
    Parts,

    /// <summary>Everything that depends on it, directly or not, as far as pg_dump recorded it: not for the data of an
    /// extension's own tables.</summary>
    Dependents,
}

/// <summary>Changes a table of contents. <see cref="ArchiveFilter"/> writes the remaining data, unchanged.</summary>
public static class ArchiveEdit
{
    // Dependencies of dropped entries followed for one remaining entry. Real archives need a handful. Beyond the limit,
    // a parallel restore relies on the order of the entries alone.
    private const int BridgedMax = 1_000;

    // Parts of the entry they depend on. A sequence that depends on a table belongs to a column.
    private static readonly FrozenSet<ArchiveText> PartKinds = new[]
    {
        "ACL", "BLOBS", "CHECK CONSTRAINT", "COMMENT", "CONSTRAINT", "DEFAULT", "DEFAULT ACL", "FK CONSTRAINT", "INDEX",
        "INDEX ATTACH", "MATERIALIZED VIEW DATA", "POLICY",
        "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "ROW SECURITY", "RULE", "SECURITY LABEL", "SEQUENCE",
        "SEQUENCE OWNED BY", "SEQUENCE SET",
        "STATISTICS", "STATISTICS DATA", "SUBSCRIPTION TABLE", "TABLE ATTACH", "TABLE DATA", "TRIGGER", "USER MAPPING",
    }.Select(ArchiveText.Of).ToFrozenSet();

    /// <summary>Drops the entries for which <paramref name="which"/> is true, and those that <paramref name="reach"/>
    /// adds. Entries that depended on a dropped one then depend on its dependencies, which keeps the order of a
    /// parallel restore right.</summary>
    public static ArchiveHead Drop(ArchiveHead head, Func<TocEntry, bool> which, DropReach reach = DropReach.Parts)
    {
        var dropped = head.Entries.Where(which).Select(entry => entry.DumpId).ToHashSet();
        if (reach == DropReach.Itself)
            return Without(head, dropped);
        var needs = Needs(head, always: reach == DropReach.Dependents);
        var dependents = head.Entries
            .Where(entry => reach == DropReach.Dependents || PartKinds.Contains(entry.Description))
            .SelectMany(entry => needs(entry).Select(id => (On: id, entry.DumpId)))
            .ToLookup(pair => pair.On, pair => pair.DumpId);
        var open = new Stack<int>(dropped);
        while (open.TryPop(out var id))
        {
            foreach (var dependent in dependents[id].Where(dropped.Add))
                open.Push(dependent);
        }

        return Without(head, dropped);
    }

    /// <summary>Keeps only the named entries, in the given order. Entries that no listing shows (encoding, search path,
    /// the database) are kept too, at the start. <c>pg_restore -L</c> restores the same.</summary>
    /// <param name="dumpIds">A repeated id counts once.</param>
    /// <exception cref="ArgumentException">No entry has such a dump id.</exception>
    public static ArchiveHead Keep(ArchiveHead head, IEnumerable<int> dumpIds)
    {
        var byId = head.Entries.ToDictionary(entry => entry.DumpId);
        var special = head.Entries.Where(ArchiveListing.IsAlwaysRestored).Select(entry => entry.DumpId);
        var ids = special.Concat(dumpIds).Distinct().ToList();
        var unknown = ids.FindIndex(id => !byId.ContainsKey(id));
        if (unknown >= 0)
            throw new ArgumentException($"There is no entry {ids[unknown]}.", nameof(dumpIds));
        var left = Without(head, [.. byId.Keys.Except(ids)]);
        byId = left.Entries.ToDictionary(entry => entry.DumpId);
        return left with { Entries = [.. ids.Select(id => byId[id])] };
    }

    /// <summary>Replaces each entry with the result of <paramref name="change"/>: another owner, another
    /// definition.</summary>
    /// <exception cref="ArgumentException">The dump id, or whether there is data, changed: both must match the data
    /// blocks.</exception>
    public static ArchiveHead Rewrite(ArchiveHead head, Func<TocEntry, TocEntry> change) => head with
    {
        Entries = [.. head.Entries.Select(entry =>
            change(entry) is var changed && (changed.DumpId, changed.HasData) == (entry.DumpId, entry.HasData)
                ? changed : throw new ArgumentException(
                    $"Entry {entry.DumpId} was given another dump id, or its data was taken away or added.",
                    nameof(change)))],
    };

    /// <summary>Entries of <paramref name="after"/>, each with an entry it directly depends on and that only
    /// <paramref name="before"/> has. Restoring them fails, unless the target already has those objects.</summary>
    public static IEnumerable<(TocEntry Entry, TocEntry Missing)> MissingDependencies(
        ArchiveHead before, ArchiveHead after)
    {
        var left = after.Entries.Select(entry => entry.DumpId).ToHashSet();
        var gone = before.Entries.Where(entry => !left.Contains(entry.DumpId)).ToDictionary(entry => entry.DumpId);
        var needs = Needs(before, always: true);
        return from entry in before.Entries
               where left.Contains(entry.DumpId)
               from id in needs(entry).Distinct()
               where gone.ContainsKey(id)
               select (entry, gone[id]);
    }

    /// <summary>An entry's dependencies, plus those that pg_dump does not always record: a user mapping needs its
    /// server, and an object in a schema needs the schema.</summary>
    /// <param name="always">False: adds the schema only for its default rights.</param>
    private static Func<TocEntry, IEnumerable<int>> Needs(ArchiveHead head, bool always)
    {
        var schemas = head.Entries.Where(entry => entry.Is("SCHEMA"u8))
            .ToLookup(entry => entry.Tag, entry => entry.DumpId);
        var servers = head.Entries.Where(entry => entry.Is("SERVER"u8)).ToList();
        return entry => entry.Namespace is { } space && (always || entry.Is("DEFAULT ACL"u8))
            ? entry.Dependencies.Concat(schemas[space])
            : entry.Is("USER MAPPING"u8)
            ? entry.Dependencies.Concat(servers.Where(server => IsOf(entry, server)).Select(server => server.DumpId))
            : entry.Dependencies;
    }

    // The tag looks like USER MAPPING visitor SERVER elsewhere.
    private static bool IsOf(TocEntry mapping, TocEntry server) =>
        mapping.Tag.Bytes.EndsWith(server.Tag.Bytes) && mapping.Tag.Bytes[..^server.Tag.Length].EndsWith(" SERVER "u8);

    private static ArchiveHead Without(ArchiveHead head, HashSet<int> dropped)
    {
        var gone = head.Entries.Where(entry => dropped.Contains(entry.DumpId)).ToDictionary(entry => entry.DumpId);
        return head with
        {
            Entries = [.. head.Entries.Where(entry => !dropped.Contains(entry.DumpId))
                .Select(entry => entry.Dependencies.Any(gone.ContainsKey)
                    ? entry with { Dependencies = Bridged(entry, gone) } : entry)],
        };
    }

    // Replaces each dropped dependency with its own dependencies, in order, without duplicates.
    private static ImmutableArray<int> Bridged(TocEntry entry, Dictionary<int, TocEntry> gone)
    {
        var kept = new List<int>();
        var seen = new HashSet<int> { entry.DumpId };
        var open = new Stack<int>(entry.Dependencies.Reverse());
        var bridged = 0;
        while (open.TryPop(out var id))
        {
            if (!seen.Add(id))
                continue;
            if (!gone.TryGetValue(id, out var between))
            {
                kept.Add(id);
                continue;
            }

            foreach (var next in between.Dependencies.Take(BridgedMax - bridged).Reverse())
            {
                open.Push(next);
                bridged++;
            }
        }

        return [.. kept];
    }
}
