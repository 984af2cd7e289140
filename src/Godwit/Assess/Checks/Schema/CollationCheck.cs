using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Schema;

/// <summary>Whether texts sort at the target as at the source, and whether the source's own sort order has
/// changed.</summary>
internal sealed class CollationCheck : ICheck
{
    // Of every Heroku database; no choice.
    private static readonly DatabaseOrder Heroku = new("c", "en_US.UTF-8", "en_US.UTF-8", null);

    private const string Order = """
        SELECT coalesce(j ->> 'datlocprovider', 'c'), d.datcollate::text, d.datctype::text,
               coalesce(j ->> 'datlocale', j ->> 'daticulocale') || coalesce(j ->> 'daticurules', '')
        FROM pg_catalog.pg_database d, pg_catalog.to_jsonb(d) j WHERE d.datname = pg_catalog.current_database()
        """;

    // Whether any text uses the database's collation; the tables partitioned by it, and unique indexes on folded texts.
    private const string Sorted = $"""
        SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                       WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND a.attcollation = 100 AND {Wording.IsOwn}),
               ARRAY(SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
                     FROM pg_catalog.pg_partitioned_table p JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
                          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                     WHERE p.partstrat = 'r' AND 100 = ANY (p.partcollation::pg_catalog.oid[])
                         AND {Wording.IsOwn} ORDER BY 1),
               ARRAY(SELECT pg_catalog.format('%I.%I (%I)', n.nspname, c.relname, i.relname)
                     FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                          JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
                          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                     WHERE x.indisunique AND x.indisvalid AND {Wording.IsOwn}
                       AND (pg_catalog.pg_get_expr(x.indexprs, x.indrelid) ~ '\m(lower|upper|initcap|casefold)\('
                            OR EXISTS (SELECT FROM pg_catalog.unnest(x.indclass::pg_catalog.oid[]) k(op)
                                JOIN pg_catalog.pg_opclass o ON o.oid = k.op
                                            JOIN pg_catalog.pg_type t ON t.oid = o.opcintype
                                                WHERE t.typname = 'citext'))
                     ORDER BY 1)
        """;

    public string Name => "sort order of texts";

    public IReadOnlyList<string> Acceptable => CollationFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var here = await ReadAsync(world.Source, ct);
        var there = world.Target is { } target ? await ReadAsync(target, ct) : IsUsual(world) ? Heroku : here;
        if (here.Sorting != there.Sorting || here.Folding != there.Folding)
            await CompareAsync(world, here, there, notes, ct);
        await CollationVersions.LookAsync(world.Source, notes, ct);
        if (world.Target is not null)
            await CollationNames.LookAsync(world.Source, world.Target, notes, ct);
    }

    // A local Heroku has this machine's locale, known once its database exists.
    private static bool IsUsual(AssessWorld world) =>
        world.IsForHeroku && world.Parts.Target?.Heroku is not { IsHere: true };

    private static async Task CompareAsync(
        AssessWorld world, DatabaseOrder here, DatabaseOrder there, IAssessNotes notes, CancellationToken ct)
    {
        var (any, partitioned, folded) = (await world.Source.RowsAsync(Sorted,
            row => (row.GetBoolean(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2)), ct))[0];
        var theirs = $"{there}{(world.Target is null ? " (Heroku's usual)" : "")}";
        if (any && here.Sorting != there.Sorting)
        {
            notes.Add(here.IsByBytes ? CollationFindings.SortOrderOfBytes($"{here}",
                theirs) : CollationFindings.SortOrder($"{here}", theirs));
            if (partitioned.Length > 0)
                notes.Add(CollationFindings.PartitionOrder(Phrase.List(partitioned), $"{here}", theirs));
        }

        if (folded.Length > 0 && here.Folding != there.Folding)
            notes.Add(CollationFindings.Folding(Phrase.List(folded), $"{here}", theirs));
    }

    private static async Task<DatabaseOrder> ReadAsync(PostgresSession session, CancellationToken ct) =>
        (await session.RowsAsync(Order,
            row => new DatabaseOrder(row.GetString(0), row.GetString(1), row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3)), ct))[0];
}

/// <param name="Provider"><c>c</c>: the C library; <c>i</c>: ICU; <c>b</c>: PostgreSQL itself.</param>
internal sealed record DatabaseOrder(string Provider, string Collate, string Ctype, string? Locale)
{
    /// <summary>Sorts by bytes, as the C locales and PostgreSQL's own locales do.</summary>
    public bool IsByBytes => Provider == "b" || (Provider == "c" && Plain(Collate) is "c" or "posix" or "c.utf8");

    /// <summary>Equal values sort alike.</summary>
    public string Sorting => IsByBytes ? "bytes" : $"{Provider} {Plain(Provider == "c" ? Collate : Locale ?? "")}";

    /// <summary>Equal values fold letters alike. Locales differ only in Turkic languages' i.</summary>
    public string Folding
    {
        get
        {
            var locale = Plain(Provider == "c" ? Ctype : Locale ?? "");
            return locale is "c" or "posix" ? "ascii" : locale[..Math.Min(2, locale.Length)] is "tr" or "az" ? "turkic"
                : "all letters";
        }
    }

    public override string ToString() => Provider switch
    {
        "i" => $"ICU {Locale}",
        "b" => $"{Locale}",
        _ => Collate,
    };

    /// <summary><c>en_US.UTF-8</c> and <c>en_US.utf8</c> are the same.</summary>
    public static string Plain(string locale) =>
        locale.ToLowerInvariant().Replace("utf-8", "utf8", StringComparison.Ordinal);
}
