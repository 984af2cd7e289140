using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

/// <summary>Jobs of pg_cron, and maintenance of pg_partman's partitions.</summary>
internal sealed class JobsCheck : ICheck
{
    // One database per server holds pg_cron's jobs for all.
    private const string CronDatabase = "SELECT pg_catalog.current_setting('cron.database_name', true)";

    private const string CanSee = """
        SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
               pg_catalog.row_security_active(c.oid)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'cron' AND c.relname = 'job' AND c.relkind = 'r'
        """;

    private const string Jobs =
        "SELECT j.jobid, j.schedule FROM cron.job j WHERE j.database = pg_catalog.current_database() ORDER BY 1";

    // pg_partman may be in any schema.
    private const string PartmanTable = """
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.quote_ident(n.nspname),
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
        FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
             JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
        WHERE e.extname = 'pg_partman' AND c.relname = 'part_config'
        """;

    public string Name => "scheduled jobs";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        await LookAtCronAsync(world.Source, world.IsForHeroku, notes, ct);
        foreach (var (table, schema, canSee) in await world.Source.RowsAsync(PartmanTable,
            row => (row.GetString(0), row.GetString(1), row.GetBoolean(2)), ct))
        {
            var sets = canSee ? await world.Source.RowsAsync($"SELECT p.parent_table FROM {table} p ORDER BY 1",
                row => row.GetString(0), ct) : null;
            if (sets is null or { Count: > 0 })
                notes.Add(JobsFindings.Partman(sets is null ? "Partitions" : $"The partitions of {Phrase.List(sets)}",
                    ShellWord.Escaped(schema), world.IsForHeroku));
        }
    }

    private static async Task LookAtCronAsync(
        PostgresSession source, bool isForHeroku, IAssessNotes notes, CancellationToken ct)
    {
        var tables = await source.RowsAsync(CanSee,
            row => (CanRead: row.GetBoolean(0), IsFiltered: row.GetBoolean(1)), ct);
        if (tables.Count == 0)
        {
            if (await CronDatabaseAsync(source, ct) is { Length: > 0 } elsewhere
                && elsewhere != source.Address.Database)
                notes.Add(JobsFindings.CronElsewhere(elsewhere,
                    "SELECT jobid, schedule, command FROM cron.job "
                    + $"WHERE database = '{source.Address.Database.Replace("'", "''", StringComparison.Ordinal)}';"));
            return;
        }

        if (!tables[0].CanRead)
        {
            var user = ServerCatalog.Quote(source.Address.User);
            notes.Add(JobsFindings.CronUnseen(source.Address.User,
                $"GRANT USAGE ON SCHEMA cron TO {user};\nGRANT SELECT ON cron.job TO {user};"));
            return;
        }

        var jobs = await source.RowsAsync(Jobs, row => $"{row.GetInt64(0)} ({row.GetString(1)})", ct);
        if (jobs.Count > 0)
            notes.Add(JobsFindings.Cron($"{(tables[0].IsFiltered ? "At least " : "")}{Phrase.Count(jobs.Count, "job")}",
                Phrase.List(jobs), isForHeroku));
        else if (tables[0].IsFiltered)
            notes.Add(JobsFindings.CronUnseen(source.Address.User, grants: null));
    }

    // With pg_cron loaded, only superusers and members of pg_read_all_settings may see the setting.
    private static async Task<string?> CronDatabaseAsync(PostgresSession source, CancellationToken ct)
    {
        try
        {
            return await source.ScalarAsync<string>(CronDatabase, ct);
        }
        catch (FaultException e) when (PostgresSession.IsAnswer(e, PostgresSession.InsufficientPrivilege))
        {
            return $"postgres, as a rule (the user {source.Address.User} may not see its setting cron.database_name)";
        }
    }
}
