using Godwit.Faults;

namespace Godwit.Assess.Checks.Rows;

/// <summary>Columns whose values depend on the server.</summary>
internal sealed class ValueCheck : ICheck
{
    // The server's format of money, also for parsing: of en_US, Heroku's locale, and of C.
    private const string UsualMoney = "$1,234,567.89 -$0.50";

    private const string Money = "SELECT 1234567.89::numeric::money::text || ' ' || (-0.5)::numeric::money::text";

    // Includes domains and arrays. Other reg types (types, schemas, text search configurations) are safe: a restore
    // creates those objects before any row.
    private const string Columns = $"""
        WITH RECURSIVE kinds AS (
            SELECT t.oid, t.typname::text AS kind FROM pg_catalog.pg_type t
            WHERE t.oid = 'money'::pg_catalog.regtype OR t.oid IN ('regclass'::pg_catalog.regtype,
                'regproc'::pg_catalog.regtype, 'regprocedure'::pg_catalog.regtype,
                                                                    'regoper'::pg_catalog.regtype,
                                                                        'regoperator'::pg_catalog.regtype,
                                                                        'regrole'::pg_catalog.regtype)
            UNION SELECT t.oid, k.kind FROM pg_catalog.pg_type t JOIN kinds k
                ON (t.typtype = 'd' AND t.typbasetype = k.oid) OR (t.typelem = k.oid AND t.typcategory = 'A'))
        SELECT k.kind = 'money', pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname) || CASE k.kind
            WHEN 'money' THEN '' ELSE ' (' || k.kind || ')' END
        FROM kinds k JOIN pg_catalog.pg_attribute a ON a.atttypid = k.oid AND a.attnum > 0 AND NOT a.attisdropped
             JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {Wording.IsOwn} ORDER BY 2
        """;

    public string Name => "values";

    public IReadOnlyList<string> Acceptable => ValueFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var columns = await world.Source.RowsAsync(Columns,
            row => (IsMoney: row.GetBoolean(0), Shown: row.GetString(1)), ct);
        if (columns.Where(column => !column.IsMoney).Select(column => column.Shown).ToList()
            is { Count: > 0 } references)
            notes.Add(ValueFindings.References(Phrase.List(references)));
        if (columns.Where(column => column.IsMoney).Select(column => column.Shown).ToList() is { Count: > 0 } amounts)
            await CompareAsync(world, amounts, notes, ct);
    }

    private static async Task CompareAsync(
        AssessWorld world, IReadOnlyList<string> amounts, IAssessNotes notes, CancellationToken ct)
    {
        var here = await world.Source.ScalarAsync<string>(Money, ct);
        var there = world.Target is null ? UsualMoney : await world.Target.ScalarAsync<string>(Money, ct);
        if (here != there)
            notes.Add(ValueFindings.Money(Phrase.List(amounts), here!, there!));
    }
}
