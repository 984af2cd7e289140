using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Rows;

/// <summary>Sequences and transaction IDs that run out.</summary>
internal sealed class NumbersCheck : ICheck
{
    // Per cent.
    private const long UsedFrom = 90;

    /// <summary>The server stops writes at 2.1 billion. With regular vacuum the age stays below 200 million; at 1.6
    /// billion vacuum skips all work that is not essential.</summary>
    /// <remarks>vacuum_failsafe_age, autovacuum_freeze_max_age and
    /// https://www.postgresql.org/docs/current/routine-vacuuming.html</remarks>
    private const long OldAge = 1_000_000_000;

    // The end is the lower maximum of the sequence and its column. Without rights on the sequence its last value is
    // unknown. MATERIALIZED: only readable sequences are asked for it.
    private const string Sequences = $"""
        WITH own AS MATERIALIZED (
            SELECT n.nspname, c.relname, s.seqmin, s.seqmax, tn.nspname AS table_schema, t.relname AS table_name,
                   a.attname, a.atttypid,
                   CASE WHEN pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                       AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT,USAGE')
                        THEN pg_catalog.pg_sequence_last_value(c.oid) END AS last
            FROM pg_catalog.pg_sequence s
                 JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 LEFT JOIN pg_catalog.pg_depend o ON o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                     AND o.objid = s.seqrelid AND o.refobjsubid > 0
                      AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype IN ('a', 'i')
                 LEFT JOIN pg_catalog.pg_class t ON t.oid = o.refobjid
                 LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
                 LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid
            WHERE s.seqincrement > 0 AND NOT s.seqcycle AND {Wording.IsOwn}),
        used AS (
            SELECT own.*, (100 * (last::numeric - seqmin) / nullif(least(seqmax,
                CASE atttypid WHEN 'int2'::pg_catalog.regtype THEN 32767
                                                                                  WHEN 'int4'::pg_catalog.regtype THEN
                                                                                      2147483647 END)::numeric - seqmin,
                                                                                      0))::bigint AS percent
            FROM own)
        SELECT pg_catalog.format('%I.%I', nspname, relname) || coalesce(CASE WHEN attname IS NOT NULL
            THEN pg_catalog.format(' of %I.%I.%I', table_schema, table_name, attname) END, ''),
               percent,
               CASE WHEN atttypid IN ('int2'::pg_catalog.regtype, 'int4'::pg_catalog.regtype)
                    THEN pg_catalog.format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE bigint', table_schema, table_name,
                        attname) ELSE '' END,
               pg_catalog.format('ALTER SEQUENCE %I.%I AS bigint NO MAXVALUE', nspname, relname)
        FROM used WHERE percent >= $1 ORDER BY percent DESC, 1
        """;

    private const string Ages = """
        SELECT pg_catalog.age(datfrozenxid)::bigint, pg_catalog.mxid_age(datminmxid)::bigint FROM pg_catalog.pg_database
        WHERE datname = pg_catalog.current_database()
        """;

    private const string OldestTables = """
        SELECT pg_catalog.format('VACUUM (FREEZE) %I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND c.relpersistence <> 't'
          AND greatest(pg_catalog.age(c.relfrozenxid), pg_catalog.mxid_age(c.relminmxid)) > $1
        ORDER BY greatest(pg_catalog.age(c.relfrozenxid), pg_catalog.mxid_age(c.relminmxid)) DESC, 1
        """;

    public string Name => "numbers that run out";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var ending = await world.Source.RowsAsync(Sequences,
            row => (Shown: $"{row.GetString(0)} ({row.GetInt64(1)} % used)", Column: row.GetString(2),
                Sequence: row.GetString(3)), ct, UsedFrom);
        if (ending.Count > 0)
        {
            notes.Add(NumbersFindings.SequenceEnd(Phrase.List([.. ending.Select(one => one.Shown)]),
                Wording.Statements([.. ending.SelectMany(one => new[] { one.Column, one.Sequence })
                    .Where(statement => statement.Length > 0)])));
        }

        var (transactions, groups) = (await world.Source.RowsAsync(Ages,
            row => (row.GetInt64(0), row.GetInt64(1)), ct))[0];
        if (Math.Max(transactions, groups) <= OldAge)
            return;
        var oldest = await world.Source.RowsAsync(OldestTables, row => row.GetString(0), ct, OldAge);
        notes.Add(NumbersFindings.Wraparound(
            transactions >= groups
                ? $"{ServerCatalog.Number(transactions)} transactions"
                : $"{ServerCatalog.Number(groups)} groups of transactions (multixacts)",
            Wording.Statements(oldest.Count > 0 ? oldest : ["VACUUM (FREEZE)"])));
    }
}
