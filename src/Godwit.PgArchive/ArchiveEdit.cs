using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Godwit.PgArchive;

/// <summary>How far dropping an entry reaches.</summary>
public enum DropReach
{
    /// <summary>The entry, and nothing else. What depends on it may fail to restore.</summary>
    Itself,

    /// <summary>Also what cannot exist without it and is nothing of its own: a table's data, defaults, indexes,
    /// constraints (other tables' foreign keys to it, too), triggers, rules, policies, statistics, its own sequences,
    /// comments, rights. Views, functions and other tables stay.</summary>
    Parts,

    /// <summary>Everything that depends on it, through any number of steps, as far as pg_dump wrote it down: it does
    /// not for the data of an extension's own tables.</summary>
    Dependents,
}

/// <summary>Changes a table of contents. The data is not touched: <see cref="ArchiveFilter"/> writes what is
/// left.</summary>
public static class ArchiveEdit
{
    /// <summary>Dependencies of dropped entries that are looked at for one entry that stays. Real archives need a
    /// handful; beyond it the order of a parallel restore rests on the order of the entries alone.</summary>
    private const int BridgedMax = 1_000;

    /// <summary>Kinds that are parts of what they depend on. A sequence that depends on a table is a column's
    /// own.</summary>
    private static readonly FrozenSet<ArchiveText> PartKinds = new[]
    {
        "ACL", "BLOBS", "CHECK CONSTRAINT", "COMMENT", "CONSTRAINT", "DEFAULT", "DEFAULT ACL", "FK CONSTRAINT", "INDEX",
        "INDEX ATTACH", "MATERIALIZED VIEW DATA", "POLICY",
        "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "ROW SECURITY", "RULE", "SECURITY LABEL", "SEQUENCE",
        "SEQUENCE OWNED BY", "SEQUENCE SET",
        "STATISTICS", "STATISTICS DATA", "SUBSCRIPTION TABLE", "TABLE ATTACH", "TABLE DATA", "TRIGGER", "USER MAPPING",
    }.Select(ArchiveText.Of).ToFrozenSet();

    /// <summary>Drops the entries <paramref name="which"/> is true for, and what <paramref name="reach"/> says. Nobody
    /// depends on them afterwards: who did now depends on what they depended on, so that the order of a parallel
    /// restore stays right.</summary>
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

    /// <summary>Keeps the entries named, in the order they are named, and drops all others. Entries no listing shows
    /// (encoding, search path, the database) are kept, too, in front. This is what <c>pg_restore -L</c>
    /// restores.</summary>
    /// <param name="dumpIds">In any order; one that is named twice counts once.</param>
    /// <exception cref="ArgumentException">There is no entry with such a dump id.</exception>
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

    /// <summary>Puts <paramref name="change"/>'s answer in the place of each entry: another owner, another
    /// definition.</summary>
    /// <exception cref="ArgumentException">The dump id, or whether there is data, was changed: these belong to the data
    /// blocks.</exception>
    public static ArchiveHead Rewrite(ArchiveHead head, Func<TocEntry, TocEntry> change) => head with
    {
        Entries = [.. head.Entries.Select(entry =>
            change(entry) is var changed && (changed.DumpId, changed.HasData) == (entry.DumpId, entry.HasData)
                ? changed : throw new ArgumentException(
                    $"Entry {entry.DumpId} was given another dump id, or its data was taken away or added.",
                    nameof(change)))],
    };

    /// <summary>Entries of <paramref name="after"/> that depend directly on something of <paramref name="before"/> that
    /// is gone, each with what it misses. Restoring them fails, unless the target has those things already.</summary>
    public static IEnumerable<(TocEntry Entry, TocEntry Missing)> Widowed(ArchiveHead before, ArchiveHead after)
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

    /// <summary>What an entry depends on, with what pg_dump does not always write down: a user mapping needs its
    /// server, and what is in a schema needs the schema.</summary>
    /// <param name="always">Not only what is a part of the schema: its default rights.</param>
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

    /// <summary>A user mapping is called <c>USER MAPPING visitor SERVER elsewhere</c>.</summary>
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

    /// <summary>Dependencies with each dropped one replaced by its own, in order, each once where something was
    /// replaced.</summary>
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
