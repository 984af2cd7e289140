namespace Godwit.Assess.Checks;

/// <summary>Whether the target is another database than the source.</summary>
internal sealed class TargetCheck : ICheck
{
    /// <summary>Two names may lead to one database (an alias, a proxy), so the servers are asked who they are as well.</summary>
    private const string Identity = """
        SELECT pg_catalog.concat_ws('/', extract(epoch FROM pg_catalog.pg_postmaster_start_time()),
                                    d.oid, d.datname, pg_catalog.inet_server_port())
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
        """;

    public string Name => "target";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Target is null)
            notes.Find(TargetFindings.NoTarget());
        if (world.Target is not { } target)
            return;
        notes.Tell("target", $"PostgreSQL {target.ServerVersion}, {world.Parts.Target!.Name}");
        if (world.Source.Address.NamesSameDatabaseAs(target.Address)
            || await world.Source.ScalarAsync<string>(Identity, ct) == await target.ScalarAsync<string>(Identity, ct))
        {
            notes.Find(TargetFindings.SameDatabase(world.Source.Address));
        }
    }
}
