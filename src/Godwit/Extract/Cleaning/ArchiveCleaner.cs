using System.Collections.Frozen;
using System.Text;
using Godwit.PgArchive;
using Godwit.Postgres;

namespace Godwit.Extract.Cleaning;

/// <summary>Removes from a table of contents what the target would refuse, and rewrites what it would
/// misunderstand.</summary>
public sealed class ArchiveCleaner
{
    private const string NeedsSuperuser = "only a superuser may make it";
    private const string Its = "its extension is left out";
    private const string OneOwner = "the target has no such role, or its owner may give it nothing";
    private const string InPublic = "extensions are in the schema public at the target";

    // Kinds that have an owner, and whose DROP and ALTER name them the same way.
    private static readonly FrozenSet<ArchiveText> Owned = new[]
    {
        "AGGREGATE", "COLLATION", "CONVERSION", "DOMAIN", "FOREIGN DATA WRAPPER", "FOREIGN TABLE", "FUNCTION",
        "MATERIALIZED VIEW", "OPERATOR", "OPERATOR CLASS",
        "OPERATOR FAMILY", "PROCEDURAL LANGUAGE", "PROCEDURE", "SCHEMA", "SEQUENCE", "SERVER", "STATISTICS", "TABLE",
        "TEXT SEARCH CONFIGURATION", "TEXT SEARCH DICTIONARY", "TYPE", "VIEW",
    }.Select(ArchiveText.Of).ToFrozenSet();

    private readonly CleaningRules _rules;
    private readonly List<LeftOut> _leftOut = [];
    private IReadOnlyList<CarriedRight> _rights = [];
    private ArchiveHead _head;

    private ArchiveCleaner(CleanedContents contents, CleaningRules rules)
    {
        (_head, _rules) = (contents.Head, rules);
        _leftOut.AddRange(contents.LeftOut);
    }

    /// <param name="rules">Null: removes only what no target can use: <see cref="InternalOptions"/>,
    /// <see cref="PublicComment"/>.</param>
    public static CleanedContents Clean(ArchiveHead head, CleaningRules? rules)
    {
        var contents = InternalOptions.Remove(PublicComment.Remove(head));
        if (rules is null)
            return contents;
        var cleaner = new ArchiveCleaner(contents, rules);
        cleaner.Drop();
        cleaner.Rewrite();
        return new(cleaner._head, [.. cleaner._leftOut.OrderBy(one => one.Kind)]) { Rights = cleaner._rights };
    }

    private void Drop()
    {
        Drop(LeftOutKind.ExtensionComment, IsExtensionComment,
            _ => "the extension brings its own, and only its owner may change it");
        DropExtensions();
        Drop(LeftOutKind.EventTrigger, entry => entry.Is("EVENT TRIGGER"u8), _ => NeedsSuperuser);
        Drop(LeftOutKind.Publication, entry => entry.Is("PUBLICATION"u8),
            _ => "it belongs to the replication of the source");
        Drop(LeftOutKind.Subscription, entry => entry.Is("SUBSCRIPTION"u8),
            _ => "it belongs to the replication of the source");
        Drop(LeftOutKind.SecurityLabel, entry => entry.Is("SECURITY LABEL"u8),
            _ => "the module that understands it is not loaded at the target");
        Drop(LeftOutKind.UserMapping, entry => LostUser(entry) is not null,
            entry => $"the target has no role {Shown(LostUser(entry))}");
        Drop(LeftOutKind.Policy, entry => LostRole(entry) is not null,
            entry => $"the target has no role {Shown(LostRole(entry))}");
        if (_rules.Schemas.Count > 0)
        {
            var used = _head.Entries.Where(entry => !IsRights(entry)).Select(entry => entry.Namespace)
                .OfType<ArchiveText>().ToHashSet();
            Drop(LeftOutKind.Schema, entry =>
                entry.Is("SCHEMA"u8) && _rules.Schemas.Contains(entry.Oid) && !used.Contains(entry.Tag), _ => Its);
        }

        if (ReplacesHerokuExt())
            Drop(LeftOutKind.HerokuExt, HerokuExt.IsSchema, _ => InPublic);
    }

    private void DropExtensions()
    {
        Drop(LeftOutKind.OwnRows, entry => OwnRowsOf(entry) is { HasRows: true }, entry => OwnRowsOf(entry)!.Why);
        Drop(LeftOutKind.ExtensionTable, entry => OwnRowsOf(entry) is { HasRows: false },
            entry => OwnRowsOf(entry)!.Why);
        if (_rules.Extensions.Count == 0)
            return;
        var reasons = _head.Entries.Where(entry => entry.Is("EXTENSION"u8) && _rules.Extensions.ContainsKey(entry.Oid))
            .ToDictionary(entry => entry.DumpId, entry => _rules.Extensions[entry.Oid]);
        Drop(LeftOutKind.Server,
            entry => entry.Is("SERVER"u8) && entry.Dependencies.Any(reasons.ContainsKey), _ => Its);
        Drop(LeftOutKind.ExtensionRows, IsExtensionRows, _ => Its);
        Drop(LeftOutKind.Extension, entry => reasons.ContainsKey(entry.DumpId), entry => reasons[entry.DumpId]);
    }

    private bool IsExtensionRows(TocEntry entry) =>
        (entry.Is("TABLE DATA"u8) && _rules.Tables.Contains(entry.Oid))
        || (entry.Is("SEQUENCE SET"u8) && entry.Namespace is { } space
            && _rules.Sequences.Contains((space, entry.Tag)));

    private OwnRowsLeftOut? OwnRowsOf(TocEntry entry) =>
        (entry.Is("TABLE DATA"u8) || entry.Is("SEQUENCE SET"u8)) && entry.Namespace is { } space
            ? _rules.OwnRows.GetValueOrDefault((space, entry.Tag)) : null;

    private static bool IsExtensionComment(TocEntry entry) =>
        entry.Is("COMMENT"u8) && entry.Tag.Bytes.StartsWith("EXTENSION "u8);

    // False: heroku_ext holds a user's object, and stays.
    private bool ReplacesHerokuExt() => _rules.ReplacesHerokuExt
        && !_head.Entries.Any(entry =>
            HerokuExt.IsIn(entry) && !entry.Is("TABLE DATA"u8) && !entry.Is("SEQUENCE SET"u8) && !IsRights(entry));

    private static bool IsRights(TocEntry entry) =>
        entry.Is("ACL"u8) || entry.Is("ACL LANGUAGE"u8) || entry.Is("DEFAULT ACL"u8);

    private void Drop(LeftOutKind kind, Func<TocEntry, bool> which, Func<TocEntry, string> reason)
    {
        var roots = _head.Entries.Where(which).ToDictionary(entry => entry.DumpId, reason);
        if (roots.Count == 0)
            return;
        var after = ArchiveEdit.Drop(_head, entry => roots.ContainsKey(entry.DumpId));
        var left = after.Entries.Select(entry => entry.DumpId).ToHashSet();
        foreach (var entry in _head.Entries.Where(entry => !left.Contains(entry.DumpId)))
        {
            var isRoot = roots.TryGetValue(entry.DumpId, out var why);
            _leftOut.Add(new(isRoot ? kind : LeftOutKind.Part, NameOf(entry), SecretMask.Of(entry),
                isRoot ? why! : "what it belongs to is left out"));
        }

        _head = after;
    }

    private void Rewrite()
    {
        // The owner of most tables, as in the assessment.
        var mainOwner = _head.Entries.Where(entry => entry.Owner is { Length: > 0 }).GroupBy(entry => entry.Owner)
            .MaxBy(same => (same.Count(entry => entry.Is("TABLE"u8)), same.Count()))?.Key;
        var replacesHerokuExt = ReplacesHerokuExt();
        var sorter = new RightsSorter(_rules, ArchiveSql.TextOf((mainOwner ?? default).Bytes));
        foreach (var entry in _head.Entries.Where(IsRights))
            sorter.Sort(replacesHerokuExt ? HerokuExt.Rewritten(entry) : entry);
        _leftOut.AddRange(sorter.LeftOut);
        _head = ArchiveEdit.Rewrite(ArchiveEdit.Drop(_head, IsRights), entry =>
        {
            var now = WithMappedRoles(entry);
            if (replacesHerokuExt)
                now = Noted(LeftOutKind.HerokuExt, now, HerokuExt.Rewritten(now), InPublic);
            if (now.Tablespace is { Length: > 0 } space)
                now = InDefaultTablespace(now, space);
            return now.Owner is { Length: > 0 } owner ? WithoutOwner(now, owner, owner == mainOwner, sorter) : now;
        });
        _rights = sorter.Carried;
    }

    private TocEntry WithMappedRoles(TocEntry entry)
    {
        if (PolicyOf(entry) is { } policy && policy.Roles.Any(role => Mapped(role) is not null))
            return Noted(LeftOutKind.Policy, entry,
                With(entry, policy.With(policy.Roles.Select(role => Mapped(role) ?? role))), "you mapped its roles");
        if (UserOf(entry) is { } user && Mapped(user.Name) is { } other)
            return Noted(LeftOutKind.UserMapping, entry, With(entry,
                $"{user.Sql[..user.Start]}{PolicyText.Quoted(other)}{user.Sql[user.End..]}"), "you mapped its role");
        return entry;
    }

    private static TocEntry With(TocEntry entry, string definition) =>
        entry with { Definition = ArchiveText.Of(ArchiveSql.BytesOf(definition)) };

    private TocEntry Noted(LeftOutKind kind, TocEntry before, TocEntry after, string reason)
    {
        if (after.Definition is { } now && now != before.Definition)
            _leftOut.Add(new(kind, NameOf(before), SecretMask.Of(before), reason, SecretMask.Of(after)));
        return after;
    }

    private TocEntry InDefaultTablespace(TocEntry entry, ArchiveText space)
    {
        _leftOut.Add(new(LeftOutKind.Tablespace, NameOf(entry), Altering(entry, "SET TABLESPACE", space),
            "the target has one tablespace"));
        return entry with { Tablespace = default(ArchiveText) };
    }

    // Does not list the main owner as lost: everything then belongs to one role anyway.
    private TocEntry WithoutOwner(TocEntry entry, ArchiveText owner, bool isMain, RightsSorter sorter)
    {
        if (!Owned.Contains(entry.Description))
            return entry with { Owner = default(ArchiveText) };
        if (sorter.OwnerAtTarget(ArchiveSql.TextOf(owner.Bytes)) is { } there)
            sorter.SortOwner(entry, Altering(entry, "OWNER TO", ArchiveText.Of(ArchiveSql.BytesOf(there))));
        else if (!isMain && !sorter.IsOurs(ArchiveSql.TextOf(owner.Bytes)))
            _leftOut.Add(new(LeftOutKind.Owner, owner, Altering(entry, "OWNER TO", owner), OneOwner));
        return entry with { Owner = default(ArchiveText) };
    }

    // Takes the object's name from its DROP statement. A constraint's index has none, and is altered as an index.
    private static ArchiveText Altering(TocEntry entry, string what, ArchiveText name)
    {
        var drop = ArchiveSql.TextOf(entry.DropStatement.GetValueOrDefault().Bytes).TrimEnd('\n', ';');
        var named = drop.StartsWith("DROP ", StringComparison.Ordinal) ? drop["DROP ".Length..]
            : $"INDEX {ArchiveSql.Quoted(entry.Namespace.GetValueOrDefault())}."
                + ArchiveSql.Quoted(ArchiveText.Of(entry.Tag.Bytes[(entry.Tag.Bytes.LastIndexOf((byte)' ') + 1)..]));
        return ArchiveText.Of(ArchiveSql.BytesOf($"ALTER {named} {what} {ArchiveSql.Quoted(name)};\n"));
    }

    // A policy's first role that the target lacks and the user did not map.
    private string? LostRole(TocEntry entry) => PolicyOf(entry)?.Roles.FirstOrDefault(role => !IsThere(role));

    private string? LostUser(TocEntry entry) =>
        UserOf(entry) is { } user && user.Name != "public" && !IsThere(user.Name) ? user.Name : null;

    private static PolicyText? PolicyOf(TocEntry entry) =>
        entry.Is("POLICY"u8) && entry.Definition is { } definition
            ? PolicyText.Of(ArchiveSql.TextOf(definition.Bytes)) : null;

    // The place of the role in CREATE USER MAPPING FOR role SERVER …; null: another statement.
    private static (string Sql, string Name, int Start, int End)? UserOf(TocEntry entry)
    {
        const int BehindFor = 4;
        if (!entry.Is("USER MAPPING"u8) || entry.Definition is not { } definition)
            return null;
        var sql = ArchiveSql.TextOf(definition.Bytes);
        var (_, start, end) = SqlLexer.Pieces(sql).ElementAtOrDefault(BehindFor);
        return end == 0 ? null : (sql, SqlLexer.NameOf(sql[start..end]), start, end);
    }

    private bool IsThere(string role) => _rules.Roles.Contains(role) || Mapped(role) is not null;

    // One character per byte.
    private string? Mapped(string role) =>
        _rules.RoleMap.Find(Shown(role)) is { } other ? ArchiveSql.TextOf(other) : null;

    internal static string Shown(string? role) => Encoding.UTF8.GetString(ArchiveSql.BytesOf(role ?? ""));

    /// <summary>For entries about another object, with that object's kind: <c>TABLE orders</c>, <c>EXTENSION
    /// hstore</c>.</summary>
    internal static ArchiveText NameOf(TocEntry entry)
    {
        var tag = ArchiveSql.TextOf(entry.Tag.Bytes);
        // These tags are SQL with quoted names; other tags are bare names.
        if (entry.Is("COMMENT"u8) || entry.Is("ACL"u8) || entry.Is("SECURITY LABEL"u8) || tag.EndsWith(')'))
            tag = SqlLexer.Plain(tag);
        var name = IsExtensionComment(entry) ? tag["EXTENSION ".Length..]
            : entry.Is("ACL"u8) && entry.Namespace is { } of
                && tag.IndexOf(' ', StringComparison.Ordinal) is var kind and > 0
                ? $"{tag[..kind]} {ArchiveSql.TextOf(of.Bytes)}.{tag[(kind + 1)..]}"
            : entry.Namespace is { } space && !entry.Is("ACL"u8) && !entry.Is("COMMENT"u8)
                && !entry.Is("SECURITY LABEL"u8) ? $"{ArchiveSql.TextOf(space.Bytes)}.{tag}" : tag;
        return ArchiveText.Of(ArchiveSql.BytesOf(name.ReplaceLineEndings(" ")));
    }
}
