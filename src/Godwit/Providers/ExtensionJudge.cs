using Godwit.Postgres;

namespace Godwit.Providers;

/// <summary>Decides which extensions of the source the target gets. Assessment, target and dump share it so that they
/// agree.</summary>
public static class ExtensionJudge
{
    // Objects named per extension.
    private const int NamedMax = 20;

    private const string OtherExtension = "extension ";

    private const string Installed = """
        SELECT e.oid, e.extname::text, e.extversion, n.nspname::text
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname <> 'plpgsql' ORDER BY 2
        """;

    // An extension owns its members and their parts (a view's rule, a column's default, an index). It also owns servers
    // of its foreign data wrappers and their user mappings, which hold nothing without a foreign table.
    // Any other object that depends on these needs the extension. Objects of another extension do not count: that
    // extension itself depends on this one.
    private const string Needs = """
        WITH RECURSIVE own(extension, classid, objid) AS (
            SELECT e.oid, 'pg_catalog.pg_extension'::pg_catalog.regclass::oid, e.oid FROM pg_catalog.pg_extension e
            UNION
            SELECT own.extension, d.classid, d.objid
            FROM own JOIN pg_catalog.pg_depend d ON d.refclassid = own.classid AND d.refobjid = own.objid
            WHERE d.deptype IN ('e', 'i', 'a', 'P', 'S')
               OR (d.deptype = 'n' AND d.classid IN ('pg_catalog.pg_foreign_server'::pg_catalog.regclass,
                   'pg_catalog.pg_user_mapping'::pg_catalog.regclass))
        ), needing AS (
            SELECT DISTINCT own.extension, coalesce(r.classid, d.classid) AS classid,
                   coalesce(r.objid, d.objid) AS objid,
                   CASE WHEN r.objid IS NULL THEN d.objsubid ELSE 0 END AS objsubid
            FROM own JOIN pg_catalog.pg_depend d ON d.refclassid = own.classid AND d.refobjid = own.objid
                AND d.deptype IN ('n', 'x')
                 -- What is called a rule by the catalog is a view to its owner.
                 LEFT JOIN LATERAL (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS classid,
                     w.ev_class AS objid FROM pg_catalog.pg_rewrite w
                                    WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = d.objid
                                        AND w.rulename = '_RETURN') r ON true
            WHERE own.extension = ANY($1)
              AND (d.classid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                  OR NOT EXISTS (SELECT FROM own other WHERE other.classid = d.classid AND other.objid = d.objid))
        ), numbered AS (
            SELECT needing.extension, o.type || ' ' || o.identity AS name,
                   count(*) OVER (PARTITION BY extension) AS count,
                   row_number() OVER (PARTITION BY extension
                       ORDER BY o.type <> 'extension', o.type <> 'table column', o.identity) AS number
            FROM needing, pg_catalog.pg_identify_object(classid, objid, objsubid) o
            -- A column of a partition is the one of its table, and is changed with that.
            WHERE NOT (classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objsubid > 0
                       AND EXISTS (SELECT FROM pg_catalog.pg_attribute a
                           WHERE a.attrelid = objid AND a.attnum = objsubid AND a.attinhcount > 0))
        )
        SELECT extension, name, count FROM numbered WHERE number <= $2 ORDER BY extension, number
        """;

    /// <param name="provider">Of the source.</param>
    /// <param name="offer">Of the target. Null: no target exists or is named yet; then only the provider's own
    /// extensions are judged.</param>
    /// <returns>All extensions except plpgsql, by name.</returns>
    public static async Task<IReadOnlyList<ExtensionVerdict>> JudgeAsync(
        PostgresSession source, Provider provider, TargetOffer? offer, CancellationToken ct)
    {
        var all = await source.RowsAsync(Installed, row => new ExtensionVerdict(
            row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3), ExtensionFate.Stays, "",
            [], 0, null), ct);
        var judged = all.Select(one => one with
        {
            TargetVersion = offer?.Versions.GetValueOrDefault(one.Name),
            IsProvidersOwn = provider.Extensions.Contains(one.Name),
            IsNotInstalled = offer?.NotInstalled.Contains(one.Name) == true,
        }).ToList();
        var missing = judged.Where(one => offer is null ? one.IsProvidersOwn : one.TargetVersion is null).ToList();
        return missing.Count == 0 ? judged : Decided(judged, missing, await NeedsAsync(source, missing, ct),
            one => WhyNot(one, provider, offer));
    }

    private static async Task<ILookup<uint, (string Name, long Count)>> NeedsAsync(
        PostgresSession source, List<ExtensionVerdict> missing, CancellationToken ct)
    {
        var needs = await source.RowsAsync(Needs,
            row => (Extension: row.GetFieldValue<uint>(0), Name: row.GetString(1), Count: row.GetInt64(2)), ct,
            missing.Select(one => one.Oid).ToArray(), NamedMax);
        return needs.ToLookup(one => one.Extension, one => (one.Name, one.Count));
    }

    // An extension needed only by extensions that are left out is left out too.
    private static List<ExtensionVerdict> Decided(
        List<ExtensionVerdict> all, List<ExtensionVerdict> missing, ILookup<uint, (string Name, long Count)> needs,
        Func<ExtensionVerdict, string> whyNot)
    {
        var leftOut = missing.ToDictionary(one => OtherExtension + one.Name, StringComparer.Ordinal);
        while (leftOut.FirstOrDefault(one =>
            needs[one.Value.Oid].Any(need => !leftOut.ContainsKey(Unquoted(need.Name)))) is { Key: { } needed })
            leftOut.Remove(needed);
        return [.. all.Select(one => missing.All(other => other.Oid != one.Oid) ? one : one with
        {
            Fate = leftOut.ContainsKey(OtherExtension + one.Name) ? ExtensionFate.LeftOut : ExtensionFate.Needed,
            Why = whyNot(one),
            NeededBy = [.. needs[one.Oid].Select(need => need.Name)],
            NeededByCount = needs[one.Oid].Select(need => need.Count).FirstOrDefault(),
        })];
    }

    private static string WhyNot(ExtensionVerdict one, Provider provider, TargetOffer? offer) => one switch
    {
        { IsProvidersOwn: true } => $"it exists only at {provider.Title}",
        { IsNotInstalled: true } =>
            "the target's server does not have it installed, though it is on its list of allowed extensions",
        _ when offer?.PublishedAsOf is { } asOf => "it is not among the extensions that Heroku offers, "
            + $"as published in {asOf} (a database that exists is asked itself: create it and name it with --to)",
        _ => "the target does not offer it",
    };

    private static string Unquoted(string name) =>
        name.StartsWith(OtherExtension + "\"", StringComparison.Ordinal)
            ? OtherExtension + name[(OtherExtension.Length + 1)..^1] : name;
}
