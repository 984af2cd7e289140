using System.Data.Common;
using Godwit.Faults;
using Godwit.PgArchive;
using Godwit.Postgres;
using Godwit.Providers;

namespace Godwit.Extract.Cleaning;

/// <summary>Asks both sides what has to be left out. Asks each time, so that nothing has to be remembered.</summary>
public static class CleaningRulesFinder
{
    // Names as bytes in the database's encoding, as in the archive.
    private const string Configuration = """
        SELECT c.oid, c.relkind = 'S',
               pg_catalog.convert_to(n.nspname::text, pg_catalog.getdatabaseencoding()),
                   pg_catalog.convert_to(c.relname::text, pg_catalog.getdatabaseencoding()),
               '"' || pg_catalog.replace(n.nspname, '"', '""') || '"."'
                   || pg_catalog.replace(c.relname, '"', '""') || '"',
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
                   AND NOT pg_catalog.row_security_active(c.oid)
        FROM pg_catalog.pg_extension e, pg_catalog.unnest(e.extconfig) AS config(relation), pg_catalog.pg_class c,
            pg_catalog.pg_namespace n
        WHERE c.oid = config.relation AND n.oid = c.relnamespace AND e.oid = ANY($1)
        """;

    // A schema that is older than its extension is left out too if it becomes empty; public never is.
    private const string Homes = """
        SELECT DISTINCT e.extnamespace
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.oid = ANY($1) AND n.nspname <> 'public'
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension other
              WHERE other.extnamespace = n.oid AND other.oid <> ALL($1))
        """;

    private const string Encoded = """
        SELECT pg_catalog.convert_to(one.space, pg_catalog.getdatabaseencoding()),
               pg_catalog.convert_to(one.name, pg_catalog.getdatabaseencoding())
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS one (space, name, at) ORDER BY one.at
        """;

    /// <exception cref="FaultException">Source or target did not answer.</exception>
    public static async Task<CleaningRules> FindAsync(
        PostgresSession source, PostgresSession target, RoleMap roles, CancellationToken ct)
    {
        var provider = await ProviderRecognition.FindAsync(source, ct);
        var verdicts = await ExtensionJudge.JudgeAsync(source, provider, await TargetOffer.FindAsync(target, ct), ct);
        var tables = await ExtensionTables.FindAsync(source,
            verdicts.Where(one => one.Fate == ExtensionFate.Stays), ct);
        var rules = await WithOwnRowsAsync(
            await WithRolesAsync(new() { Roles = new HashSet<string>(), RoleMap = roles }, target, ct), tables, source,
            target.Address, ct);
        // Extensions that the user chose to do without are left out too: the target would refuse them.
        var missing = verdicts.Where(one => one.Fate != ExtensionFate.Stays)
            .ToDictionary(one => one.Oid, one => one.Why);
        return missing.Count == 0 ? rules : await WithExtensionsAsync(rules with { Extensions = missing }, source, ct);
    }

    // Leaves out tables without user rows too: the target may refuse even a COPY of zero rows.
    private static async Task<CleaningRules> WithOwnRowsAsync(
        CleaningRules rules, IReadOnlyList<ExtensionTable> tables, PostgresSession source, PostgresAddress target,
        CancellationToken ct)
    {
        var left = (await ExtensionTables.JudgeAsync(tables, source, target, ct))
            .Where(one => one.Fate is OwnRows.None or OwnRows.Refused).ToList();
        if (left.Count == 0)
            return rules;
        var names = await source.RowsAsync(
            Encoded, row => (ArchiveText.Of(row.GetFieldValue<byte[]>(0).AsSpan()),
                ArchiveText.Of(row.GetFieldValue<byte[]>(1).AsSpan())), ct,
            left.Select(one => one.Schema).ToArray(), left.Select(one => one.Name).ToArray());
        return rules with
        {
            OwnRows = names.Zip(left).ToDictionary(one => one.First, one => LeftOutOf(one.Second)),
            Unreadable =
            [
                .. left.Where(one => !one.MayRead)
                    .Select(one => $"{ServerCatalog.Quote(one.Schema)}.{ServerCatalog.Quote(one.Name)}"),
            ],
        };
    }

    private static OwnRowsLeftOut LeftOutOf(ExtensionTable table) => new(
        table.Why.Length > 0 ? table.Why : "they hold nothing but what their extension brings itself",
        table.Fate == OwnRows.Refused);

    /// <summary>For an archive without its source. It does not say which rows belong to the extensions that are left
    /// out.</summary>
    public static async Task<CleaningRules> FindAsync(
        ArchiveHead head, PostgresSession target, RoleMap roles, CancellationToken ct)
    {
        var offer = await TargetOffer.FindAsync(target, ct);
        return await WithRolesAsync(new()
        {
            Roles = new HashSet<string>(),
            RoleMap = roles,
            Extensions = head.Entries
                .Where(entry => entry.Is("EXTENSION"u8) && !offer.Versions.ContainsKey($"{entry.Tag}"))
                .ToDictionary(entry => entry.Oid, _ => "the target does not offer it"),
        }, target, ct);
    }

    private static async Task<CleaningRules> WithRolesAsync(
        CleaningRules rules, PostgresSession target, CancellationToken ct)
    {
        var roles = await TargetRole.AllAsync(target, ct);
        IReadOnlySet<string> Of(Func<TargetRole, bool> which) =>
            roles.Where(which).Select(role => ArchiveSql.TextOf(role.Name)).ToHashSet(StringComparer.Ordinal);
        return rules with
        {
            Roles = Of(_ => true),
            Owners = Of(role => role.MayOwn),
            User = Of(role => role.IsOurs).Single(),
        };
    }

    private static async Task<CleaningRules> WithExtensionsAsync(
        CleaningRules rules, PostgresSession source, CancellationToken ct)
    {
        var oids = rules.Extensions.Keys.ToArray();
        var relations = await source.RowsAsync(Configuration, ReadRelation, ct, oids);
        return rules with
        {
            Tables = relations.Where(one => !one.IsSequence).Select(one => one.Oid).ToHashSet(),
            Sequences = relations.Where(one => one.IsSequence).Select(one => one.Name).ToHashSet(),
            Unreadable = [.. rules.Unreadable, .. relations.Where(one => !one.MayRead).Select(one => one.Pattern)],
            Schemas = (await source.RowsAsync(Homes, row => row.GetFieldValue<uint>(0), ct, oids)).ToHashSet(),
        };
    }

    private static (uint Oid, bool IsSequence, (ArchiveText Schema, ArchiveText Name) Name, string Pattern,
        bool MayRead) ReadRelation(DbDataReader row) => (
            row.GetFieldValue<uint>(0), row.GetBoolean(1),
            (ArchiveText.Of(row.GetFieldValue<byte[]>(2).AsSpan()),
                ArchiveText.Of(row.GetFieldValue<byte[]>(3).AsSpan())), row.GetString(4), row.GetBoolean(5));
}
